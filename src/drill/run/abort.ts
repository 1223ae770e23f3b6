import { isWithin } from '../format/bound.ts'
import type { AbortInput } from '../format/schema.ts'
import type { Sample } from '../load/sample.ts'
import type { Look } from './result.ts'

const OVER_MS = 5_000
/** Fewer requests say nothing about a share. */
const SAMPLES_MIN = 5

interface Seen {
  readonly samples: readonly Sample[]
  readonly looks: Readonly<Record<string, readonly Look[]>>
  readonly nowMs: number
}

/** Why a trial has to end now; undefined when it may go on. */
export function findAbort(conditions: readonly AbortInput[], { samples, looks, nowMs }: Seen): string | undefined {
  for (const { load, failed, over = OVER_MS, probe, is } of conditions) {
    if (load !== undefined && failed) {
      const last = samples.filter((sample) => sample.load === load && sample.atMs + sample.tookMs >= nowMs - over)
      const share = last.filter(({ outcome }) => outcome === 'failed').length / last.length
      if (last.length >= SAMPLES_MIN && isWithin(share, failed))
        return `${Math.round(share * 100)} % of ${load} failed (${failed.text})`
    }
    if (probe !== undefined && is) {
      const value = looks[probe]?.at(-1)?.value
      if (isWithin(value, is)) return `${probe} is ${value} (${is.text})`
    }
  }
  return undefined
}
