import type { Candidate, RiskOf } from './choose-mitigations.ts'

/** One step of an order: usually one candidate; two when neither helps without the other. */
export interface OrderedStep {
  readonly ids: readonly string[]
  readonly effortMs: number
  readonly riskAfter: number
}

export interface Ordered {
  readonly steps: readonly OrderedStep[]
  /** What removes no risk wherever it stands, as far as single steps and pairs show. */
  readonly idle: readonly string[]
}

const NOTHING = 1e-9
/** Pairs are tried where no single candidate helps; their number grows with the square. */
const PAIRS_MAX = 40

/**
 * Each time what removes most risk for its effort, given what was taken before; a pair where no single one helps. A
 * stated heuristic: the sets it passes through are good ones, and `chooseMitigations` says how good.
 */
export function orderMitigations(candidates: readonly Candidate[], riskOf: RiskOf): Ordered {
  const taken: number[] = []
  const steps: OrderedStep[] = []
  let risk = riskOf([])
  for (;;) {
    const left = candidates.map((_, i) => i).filter((i) => !taken.includes(i))
    const found =
      findBest(
        left.map((i) => [i]),
        { candidates, riskOf, taken, risk },
      ) ?? findPair(left, { candidates, riskOf, taken, risk })
    if (!found) return { steps, idle: left.flatMap((i) => candidates[i]?.id ?? []) }
    taken.push(...found.group)
    risk = found.riskAfter
    const ids = found.group.flatMap((i) => candidates[i]?.id ?? [])
    steps.push({ ids, effortMs: found.effortMs, riskAfter: found.riskAfter })
  }
}

interface State {
  readonly candidates: readonly Candidate[]
  readonly riskOf: RiskOf
  readonly taken: readonly number[]
  readonly risk: number
}

interface Found {
  readonly group: readonly number[]
  readonly effortMs: number
  readonly riskAfter: number
}

function findPair(left: readonly number[], state: State): Found | undefined {
  if (left.length > PAIRS_MAX) return undefined
  return findBest(
    left.flatMap((a, i) => left.slice(i + 1).map((b) => [a, b])),
    state,
  )
}

function findBest(
  groups: readonly (readonly number[])[],
  { candidates, riskOf, taken, risk }: State,
): Found | undefined {
  let best: Found | undefined
  const worth = ({ riskAfter, effortMs }: Found) => (risk - riskAfter) / Math.max(effortMs, 1)
  for (const group of groups) {
    const riskAfter = riskOf([...taken, ...group].sort((a, b) => a - b))
    const effortMs = group.reduce((sum, i) => sum + (candidates[i]?.effortMs ?? 0), 0)
    const found = { group, effortMs, riskAfter }
    if (riskAfter < risk - NOTHING && (!best || worth(found) > worth(best))) best = found
  }
  return best
}
