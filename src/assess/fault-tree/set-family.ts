/** Sets of ascending numbers, none of which contains another, smaller sets first. */
export type SetFamily = readonly (readonly number[])[]

/** Sets with more members are compared with the kept ones instead of having their subsets looked up. */
const LOOKUP_ORDER_MAX = 8

/** Unions formed for each set that may be kept; beyond it a product is truncated. */
const UNIONS_PER_SET = 64

/** The sets that contain no other of the sets; smaller sets first, otherwise in the order given. */
export function keepMinimal(sets: SetFamily): SetFamily {
  const kept: (readonly number[])[] = []
  const keys = new Set<string>()
  for (const set of [...sets].sort((a, b) => a.length - b.length)) {
    if (keys.has(set.join()) || containsKept(set, kept, keys)) continue
    kept.push(set)
    keys.add(set.join())
  }
  return kept
}

/** Every union of a set of one and a set of the other, up to `orderMax`, minimal; `setsMax` bounds the work too. */
export function productOf(
  a: SetFamily,
  b: SetFamily,
  { orderMax, setsMax }: { readonly orderMax: number; readonly setsMax: number },
): { readonly family: SetFamily; readonly isTruncated: boolean } {
  const unions: (readonly number[])[] = []
  const unionsMax = UNIONS_PER_SET * setsMax
  let tried = 0
  for (const left of a) {
    for (const right of b) {
      if (++tried > unionsMax) break
      const union = unionOf(left, right)
      if (union.length <= orderMax) unions.push(union)
    }
  }
  const family = keepMinimal(unions)
  return { family: family.slice(0, setsMax), isTruncated: tried > unionsMax || family.length > setsMax }
}

function unionOf(a: readonly number[], b: readonly number[]): readonly number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y)
}

function containsKept(set: readonly number[], kept: SetFamily, keys: ReadonlySet<string>): boolean {
  if (keys.has('')) return true
  if (set.length > LOOKUP_ORDER_MAX || 2 ** set.length > kept.length) {
    const members = new Set(set)
    return kept.some((smaller) => smaller.every((member) => members.has(member)))
  }
  for (let mask = 1; mask < 2 ** set.length - 1; mask++) {
    if (keys.has(set.filter((_, index) => (mask >> index) & 1).join())) return true
  }
  return false
}
