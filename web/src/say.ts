/** Numbers as people read them. */
export function percent(share: number): string {
  const value = share * 100
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)} %`
}

export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const units: readonly [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ]
  const [size, name] = units.find(([size]) => ms >= size) ?? [1_000, 's']
  return `${Math.round((ms / size) * 10) / 10} ${name}`
}

export function measure(value: number | undefined, unit: 'time' | 'share'): string {
  if (value === undefined) return '–'
  return unit === 'time' ? (value === 0 ? '0 s' : duration(value)) : percent(value)
}

export function moment(iso: string | undefined): string {
  return iso === undefined ? '–' : iso.slice(0, 16).replace('T', ' ')
}
