import { isServed, type Sample } from './sample.ts'

/** A single lucky answer is no recovery: so many served in a row are, over at least so long. */
const RUN_LENGTH = 5
const RUN_MS = 500

export type Recovery =
  /** Nobody was turned away. */
  | { readonly kind: 'uninterrupted' }
  /** From the fault to the first answer of a run of served requests. */
  | { readonly kind: 'recovered'; readonly rtoMs: number }
  | { readonly kind: 'not-recovered' }

/** What users of one load waited for after a fault. Samples in the order in which they were due. */
export function findRecovery(samples: readonly Sample[], faultMs: number): Recovery {
  const met = samples.filter(({ atMs, tookMs }) => atMs + tookMs >= faultMs)
  const firstFailed = met.findIndex((sample) => !isServed(sample))
  if (firstFailed < 0) return { kind: 'uninterrupted' }
  for (let i = firstFailed; i < met.length; i++) {
    const first = met[i]
    if (first && isRun(met, i)) return { kind: 'recovered', rtoMs: Math.max(0, first.atMs + first.tookMs - faultMs) }
  }
  return { kind: 'not-recovered' }
}

function isRun(samples: readonly Sample[], from: number): boolean {
  const first = samples[from]
  if (!first || !isServed(first)) return false
  for (let i = from; i < samples.length; i++) {
    const sample = samples[i]
    if (!sample || !isServed(sample)) return false
    if (i - from + 1 >= RUN_LENGTH && sample.atMs - first.atMs >= RUN_MS) return true
  }
  return false
}
