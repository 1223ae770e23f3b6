/** Something that may be done, and what it takes. */
export interface Candidate {
  readonly id: string
  readonly effortMs: number
}

/** What is left of the risk with a set of candidates, given as their places in the list in rising order. */
export type RiskOf = (chosen: readonly number[]) => number

export interface ChooseOptions {
  readonly budgetMs: number
  /** Up to so many candidates the search goes on until it is done. */
  readonly exactMax?: number
  /** How many sets are looked at when there are more candidates than that. */
  readonly evaluationsMax?: number
}

export interface Choice {
  readonly chosen: readonly string[]
  readonly effortMs: number
  readonly risk: number
  /** No set within the budget leaves less than this; equal to `risk` when the choice is exact. */
  readonly riskAtLeast: number
  readonly isExact: boolean
}

const EXACT_MAX = 25
const EVALUATIONS_MAX = 2_000
/** Up to so many candidates every set is looked at when doing more is seen to make things worse. */
const EXHAUSTIVE_MAX = 10
/** Risks are sums of many small numbers: less than this is no difference. */
const NOTHING = 1e-9

/**
 * The set within the budget that leaves least risk; of equal ones that of least effort. Branch and bound: what a set may
 * still become is at best as good as with everything that fits, because doing more does not raise the risk. A model can
 * break that rule. It is checked for each candidate alone and as the last, and on every step of the search; where it
 * fails, every set is looked at (up to `EXHAUSTIVE_MAX` candidates), or the bound is zero.
 */
export function chooseMitigations(candidates: readonly Candidate[], riskOf: RiskOf, options: ChooseOptions): Choice {
  const { budgetMs, exactMax = EXACT_MAX, evaluationsMax = EVALUATIONS_MAX } = options
  const limit = candidates.length <= exactMax ? Number.POSITIVE_INFINITY : evaluationsMax
  const order = orderByWorth(candidates, riskOf)
  const ordered = order.flatMap((place) => candidates[place] ?? [])
  const riskOfOrdered: RiskOf = (chosen) => riskOf(chosen.flatMap((i) => order[i] ?? []).sort((a, b) => a - b))
  const search = new Search(ordered, riskOfOrdered, { budgetMs, limit })
  search.compareEnds()
  search.branch([], 0, 0)
  if (search.isMonotone) return choiceOf(search, candidates, search.riskAtLeast)
  if (candidates.length > EXHAUSTIVE_MAX) return choiceOf(search, candidates, 0)
  search.lookAtAll([], 0)
  return choiceOf(search, candidates, search.best.risk)
}

/** Places of the candidates, what removes most risk for its effort first: good sets are met early, and more is cut. */
function orderByWorth(candidates: readonly Candidate[], riskOf: RiskOf): number[] {
  const none = riskOf([])
  const worth = candidates.map(({ effortMs }, i) => (none - riskOf([i])) / Math.max(effortMs, 1))
  return candidates.map((_, i) => i).sort((a, b) => (worth[b] ?? 0) - (worth[a] ?? 0) || a - b)
}

function choiceOf({ best, idsOf }: Search, candidates: readonly Candidate[], riskAtLeast: number): Choice {
  const { risk, effortMs } = best
  const atLeast = Math.min(risk, riskAtLeast)
  const ids = new Set(idsOf(best.chosen))
  const chosen = candidates.map(({ id }) => id).filter((id) => ids.has(id))
  return { chosen, effortMs, risk, riskAtLeast: atLeast, isExact: risk - atLeast <= NOTHING }
}

class Search {
  best: { chosen: readonly number[]; effortMs: number; risk: number }
  /** Whether doing more was never seen to raise the risk. */
  isMonotone = true
  riskAtLeast = Number.POSITIVE_INFINITY
  readonly #candidates: readonly Candidate[]
  readonly #riskOf: RiskOf
  readonly #options: { readonly budgetMs: number; readonly limit: number }
  readonly #known = new Map<string, number>()

  constructor(candidates: readonly Candidate[], riskOf: RiskOf, options: { budgetMs: number; limit: number }) {
    this.#candidates = candidates
    this.#riskOf = riskOf
    this.#options = options
    this.best = { chosen: [], effortMs: 0, risk: this.#measure([]) }
  }

  /** Each candidate alone against nothing, and all of them against all but one. */
  compareEnds(): void {
    const all = this.#candidates.map((_, i) => i)
    const [none, every] = [this.#measure([]), this.#measure(all)]
    const raises = (i: number) =>
      this.#measure([i]) > none + NOTHING || every > this.#measure(all.filter((other) => other !== i)) + NOTHING
    if (all.some(raises)) this.isMonotone = false
  }

  /** Everything that starts with `chosen` and goes on with candidates from `next` on. */
  branch(chosen: readonly number[], effortMs: number, next: number): void {
    const risk = this.#measure(chosen)
    this.#offer(chosen, effortMs, risk)
    const left = this.#options.budgetMs - effortMs
    const rest = this.#fitting(next, left)
    if (rest.length === 0) return
    const all = this.#measure([...chosen, ...rest])
    if (all > risk + NOTHING) this.isMonotone = false
    const restEffort = rest.reduce((sum, i) => sum + this.#effortOf(i), 0)
    if (restEffort <= left) {
      this.#offer([...chosen, ...rest], effortMs + restEffort, all)
      if (this.isMonotone && !this.#couldBeCheaper(all, effortMs)) return
    }
    if (this.#isCut(all, effortMs)) return
    if (this.#known.size > this.#options.limit) {
      this.riskAtLeast = Math.min(this.riskAtLeast, all)
      return
    }
    const [first = 0] = rest
    const more = [...chosen, first]
    if (this.#measure(more) > risk + NOTHING) this.isMonotone = false
    this.branch(more, effortMs + this.#effortOf(first), first + 1)
    this.branch(chosen, effortMs, first + 1)
  }

  lookAtAll(chosen: readonly number[], effortMs: number): void {
    this.#offer(chosen, effortMs, this.#measure(chosen))
    for (const i of this.#fitting((chosen.at(-1) ?? -1) + 1, this.#options.budgetMs - effortMs))
      this.lookAtAll([...chosen, i], effortMs + this.#effortOf(i))
  }

  readonly idsOf = (chosen: readonly number[]): string[] => chosen.flatMap((i) => this.#candidates[i]?.id ?? [])

  #offer(chosen: readonly number[], effortMs: number, risk: number): void {
    const { best } = this
    const isLess = risk < best.risk - NOTHING
    if (isLess || (risk <= best.risk + NOTHING && effortMs < best.effortMs)) this.best = { chosen, effortMs, risk }
  }

  #isCut(bound: number, effortMs: number): boolean {
    return this.isMonotone && bound > this.best.risk - NOTHING && !this.#couldBeCheaper(bound, effortMs)
  }

  /** As much of the risk for less effort: only worth a look when the bound reaches the best exactly. */
  #couldBeCheaper(bound: number, effortMs: number): boolean {
    return bound <= this.best.risk + NOTHING && effortMs < this.best.effortMs
  }

  #fitting(from: number, left: number): number[] {
    return this.#candidates.flatMap(({ effortMs }, i) => (i >= from && effortMs <= left ? [i] : []))
  }

  #effortOf(i: number): number {
    return this.#candidates[i]?.effortMs ?? 0
  }

  #measure(chosen: readonly number[]): number {
    const key = chosen.join(' ')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const risk = this.#riskOf(chosen)
    this.#known.set(key, risk)
    return risk
  }
}
