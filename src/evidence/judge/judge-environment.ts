import type { ClaimResult } from '../record/record.ts'
import { VALID_FOR_MS } from './sample.ts'

/** One result of one record for one claim. */
export interface Entry {
  readonly atMs: number
  /** Of the record. */
  readonly digest: string
  readonly environment: string
  readonly drill: string
  readonly result: ClaimResult
}

export interface EnvironmentState {
  readonly environment: string
  readonly verdict: 'supported' | 'refuted' | 'unknown'
  /** What the verdict rests on: the refuting entry, or the supporting ones that count now. */
  readonly counted: readonly Entry[]
  /** Supporting entries that were too old to count. */
  readonly expired: readonly Entry[]
  readonly last: Entry | undefined
  readonly lastAtMs: number
  /** When a supported verdict ends if nothing is tried again. */
  readonly expiresAtMs: number | undefined
}

/**
 * The verdict of one environment, from the results that fit the model. A refutation stands, whatever its age, until
 * later trials that support the claim reach the minimum sample; trials before it never count again.
 */
export function judgeEnvironment(
  environment: string,
  entries: readonly Entry[],
  { needed, asOfMs }: { readonly needed: number; readonly asOfMs: number },
): EnvironmentState {
  const last = latest(entries)
  const common = { environment, last, lastAtMs: last?.atMs ?? Number.NEGATIVE_INFINITY }
  const refutation = latest(entries.filter(({ result }) => result.verdict === 'refuted'))
  const support = entries.filter(
    ({ result, atMs }) => result.verdict === 'supported' && atMs > (refutation?.atMs ?? Number.NEGATIVE_INFINITY),
  )
  if (refutation && countTrials(support) < needed)
    return { ...common, verdict: 'refuted', counted: [refutation], expired: [], expiresAtMs: undefined }
  const counted = support.filter((entry) => expiryOf(entry) > asOfMs)
  const expired = support.filter((entry) => expiryOf(entry) <= asOfMs)
  const isEnough = countTrials(counted) >= needed
  const expiresAtMs = isEnough ? findExpiry(counted, needed) : undefined
  return { ...common, verdict: isEnough ? 'supported' : 'unknown', counted, expired, expiresAtMs }
}

export function countTrials(entries: readonly Entry[]): number {
  return entries.reduce((sum, { result }) => sum + result.trials.length, 0)
}

export function expiryOf({ atMs, result }: Pick<Entry, 'atMs' | 'result'>): number {
  return atMs + (result.validForMs ?? VALID_FOR_MS)
}

/** The moment at which the trials that still count become too few. */
function findExpiry(entries: readonly Entry[], needed: number): number | undefined {
  const byExpiry = [...entries].sort((a, b) => expiryOf(b) - expiryOf(a))
  let trials = 0
  for (const entry of byExpiry) {
    trials += entry.result.trials.length
    if (trials >= needed) return expiryOf(entry)
  }
  return undefined
}

/** Of the same moment the one of the higher digest, so that the order of the records says nothing. */
function latest(entries: readonly Entry[]): Entry | undefined {
  return entries.reduce<Entry | undefined>((best, entry) => (best && isLater(best, entry) ? best : entry), undefined)
}

function isLater(a: Entry, b: Entry): boolean {
  return a.atMs === b.atMs ? a.digest > b.digest : a.atMs > b.atMs
}
