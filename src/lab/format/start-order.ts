/**
 * The first cycle found among names that need each other, such as `a, b, a`; undefined when there is none.
 * Names that are not keys are ignored.
 */
export function findCycle(needs: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (done.has(name)) return undefined
    for (const needed of needs.get(name) ?? []) {
      const cycle = visit(needed, [...path, name])
      if (cycle) return cycle
    }
    done.add(name)
    return undefined
  }
  for (const name of needs.keys()) {
    const cycle = visit(name, [])
    if (cycle) return cycle
  }
  return undefined
}

/** Names in waves: each wave needs only names of the waves before it. The needs have no cycle. */
export function orderInWaves(needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const waves: string[][] = []
  const placed = new Set<string>()
  while (placed.size < needs.size) {
    const wave = [...needs.keys()].filter(
      (name) =>
        !placed.has(name) && (needs.get(name) ?? []).every((needed) => placed.has(needed) || !needs.has(needed)),
    )
    if (wave.length === 0) break
    for (const name of wave) placed.add(name)
    waves.push(wave)
  }
  return waves
}
