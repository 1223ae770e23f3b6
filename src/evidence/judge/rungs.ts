import type { Judgement } from './judgement.ts'

export type Rung = 'declared' | 'coded' | 'wired' | 'proved'

/** How far a claim has come. */
export interface Climbed {
  /** The highest with every rung below it reached. */
  readonly rung: Rung
  /** Rungs that nobody has looked at. */
  readonly unchecked: readonly Rung[]
}

/**
 * A guard is declared in the model, coded in the source, wired in the running service and proved by a drill; every
 * other claim is declared and proved. The source and the running service are not looked at yet.
 */
export function climb({ claim, verdict }: Pick<Judgement, 'claim' | 'verdict'>): Climbed {
  const between: Rung[] = claim.startsWith('guard:') ? ['coded', 'wired'] : []
  return {
    rung: verdict === 'supported' && between.length === 0 ? 'proved' : 'declared',
    unchecked: verdict === 'unknown' ? [...between, 'proved'] : between,
  }
}
