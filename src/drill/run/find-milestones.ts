import type { Observation } from './result.ts'

/** When each probe first rose above what it was before the fault, counted from the fault; those that never did are left out. */
export function findMilestones(
  names: readonly string[],
  { looks, faultMs }: Pick<Observation, 'looks' | 'faultMs'>,
): Record<string, number> {
  if (faultMs === undefined) return {}
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = (looks[name] ?? []).flatMap(({ atMs, value }) =>
        typeof value === 'number' ? [{ atMs, value }] : [],
      )
      const before = values.filter(({ atMs }) => atMs <= faultMs).at(-1)?.value ?? 0
      const rise = values.find(({ atMs, value }) => atMs > faultMs && value > before)
      return rise ? [[name, Math.round(rise.atMs - faultMs)]] : []
    }),
  )
}
