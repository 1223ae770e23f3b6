import type { Role } from '../format/runbook.ts'
import type { EndEntry, Entry, Journal } from './journal.ts'

/** What a journal says of one action. `begun`: nobody knows whether it was done. */
export type ActionProgress =
  | { readonly kind: 'not begun' }
  | { readonly kind: 'begun' }
  | { readonly kind: 'ended'; readonly end: EndEntry }

export function progressOf({ entries }: Journal, id: string, role: Role): ActionProgress {
  const last = entries.findLast(
    (entry) => (entry.kind === 'begin' || entry.kind === 'end') && entry.id === id && entry.role === role,
  )
  if (!last) return { kind: 'not begun' }
  return last.kind === 'end' ? { kind: 'ended', end: last } : { kind: 'begun' }
}

/**
 * What a verification found since its step was last done: it held, or the operator went past it, at any time since the
 * step began; that it failed counts only when the step had ended by then.
 */
export function verificationOf({ entries }: Journal, id: string): EndEntry | undefined {
  const lastOf = (kind: 'begin' | 'end', role: Role) =>
    entries.findLastIndex((entry) => entry.kind === kind && entry.id === id && entry.role === role)
  const seen = lastOf('end', 'verify')
  const entry = entries[seen]
  if (entry?.kind !== 'end' || seen < lastOf('begin', 'verify')) return undefined
  const since = entry.state === 'failed' ? lastOf('end', 'step') : lastOf('begin', 'step')
  return seen > since ? entry : undefined
}

/** Everything that was answered or captured; later values win. */
export function variablesOf({ entries }: Journal): Map<string, string> {
  const variables = new Map<string, string>()
  for (const entry of entries) {
    if (entry.kind === 'answer') variables.set(entry.name, entry.value)
    if (entry.kind === 'end') for (const [name, value] of Object.entries(entry.captured)) variables.set(name, value)
  }
  return variables
}

export function startOf({ entries }: Pick<Journal, 'entries'>): (Entry & { kind: 'start' }) | undefined {
  const [first] = entries
  return first?.kind === 'start' ? first : undefined
}

export function finishOf({ entries }: Pick<Journal, 'entries'>): (Entry & { kind: 'finish' }) | undefined {
  const last = entries.at(-1)
  return last?.kind === 'finish' ? last : undefined
}

/** From the start to the first sight of recovery; undefined while there is none. */
export function recoveryMs({ entries }: Pick<Journal, 'entries'>): number | undefined {
  const start = startOf({ entries })
  const seen = entries.find((entry) => entry.kind === 'end' && entry.isRecovery && entry.state === 'ok')
  return start && seen ? seen.at - start.at : undefined
}
