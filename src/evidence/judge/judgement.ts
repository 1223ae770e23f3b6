import type { ClaimPart } from '../claim-parts.ts'
import { countTrials, type Entry, type EnvironmentState, expiryOf } from './judge-environment.ts'
import { boundOfNone, type Spread, spreadOf } from './sample.ts'

/** What evidence says of one claim at one moment. */
export interface Judgement {
  readonly claim: string
  /** Ids of the components and dependencies it rests on. */
  readonly about: readonly string[]
  /** Digest of its part of the model; undefined of what no record tried. */
  readonly part: string | undefined
  readonly verdict: 'supported' | 'refuted' | 'unknown'
  /** Whether any record tried it, also one that does not count any more. */
  readonly isTried: boolean
  /** Where it was tried; undefined when nothing that fits the model was recorded. */
  readonly environment: string | undefined
  /** When it was last tried there. */
  readonly at: string | undefined
  /** When a supported verdict ends. */
  readonly expiresAt: string | undefined
  /** Trials that count now, and how many are needed. */
  readonly trials: number
  readonly trialsNeeded: number
  /** Over the trials that count, by name of the figure. */
  readonly spread: Readonly<Record<string, Spread>>
  /** Zero losses in the trials that count: share of trials that may lose something, at 95 %. */
  readonly lossAtMost: number | undefined
  /** One sentence. */
  readonly reason: string
  /** Digests of the records it rests on. */
  readonly records: readonly string[]
}

interface Facts {
  /** Of the environment that decides; undefined when no record fits the model. */
  readonly state: EnvironmentState | undefined
  readonly needed: number
  /** Whether records of the claim exist for another text of its part of the model. */
  readonly isOutdated: boolean
}

export function judgementOf({ id, about, digest }: ClaimPart, facts: Facts): Judgement {
  const { state, needed } = facts
  const isTried = state !== undefined || facts.isOutdated
  const counted = state?.counted ?? []
  const trials = counted.flatMap(({ result }) => result.trials)
  return {
    claim: id,
    about,
    part: isTried ? digest() : undefined,
    verdict: state?.verdict ?? 'unknown',
    isTried,
    environment: state?.environment,
    at: state?.last && toIso(state.last.atMs),
    expiresAt: state?.expiresAtMs === undefined ? undefined : toIso(state.expiresAtMs),
    trials: countTrials(counted),
    trialsNeeded: needed,
    spread: spreadByName(trials),
    lossAtMost: state?.verdict === 'supported' ? boundLoss(trials) : undefined,
    reason: sayWhy(facts),
    records: counted.map((entry) => entry.digest),
  }
}

function spreadByName(trials: readonly Readonly<Record<string, number>>[]): Record<string, Spread> {
  const names = [...new Set(trials.flatMap((trial) => Object.keys(trial)))].sort()
  const spreads = names.flatMap((name) => {
    const spread = spreadOf(trials.flatMap((trial) => trial[name] ?? []))
    return spread ? [[name, spread] as const] : []
  })
  return Object.fromEntries(spreads)
}

/** Only of trials that all counted what was lost, and lost nothing. */
function boundLoss(trials: readonly Readonly<Record<string, number>>[]): number | undefined {
  return trials.length > 0 && trials.every(({ lost }) => lost === 0) ? boundOfNone(trials.length) : undefined
}

/** Says when and not how long ago: a reason does not change while nothing happens. */
function sayWhy({ state, needed, isOutdated }: Facts): string {
  if (!state) return isOutdated ? 'what the model says here changed since it was drilled' : 'no drill has tried it'
  const { verdict, counted, expired, last } = state
  const because = last?.result.because ?? ''
  if (verdict === 'refuted') return counted[0]?.result.because ?? ''
  if (verdict === 'supported') return latestSupport(counted)?.result.because ?? because
  const trials = countTrials(counted)
  if (trials > 0) return `${trials} of ${needed} trials support it; ${needed - trials} more needed`
  const ended = Math.max(...expired.map(expiryOf))
  if (expired.length > 0) return `its evidence expired on ${toIso(ended).slice(0, 10)}`
  return `the drill could not tell: ${because}`
}

function latestSupport(entries: readonly Entry[]): Entry | undefined {
  return [...entries].sort((a, b) => b.atMs - a.atMs)[0]
}

function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
