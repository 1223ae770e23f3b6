import type { Runbook } from '../format/runbook.ts'
import type { Journal } from './journal.ts'
import type { Operator } from './operator.ts'
import type { Clock, Runner } from './runner.ts'

export interface RunRunbookOptions {
  /** Which fences count: `lab`, `kubernetes`. */
  readonly environment: string
  /** Empty for a new run; else the run is resumed. */
  readonly journal: Journal
  readonly run: string
  /** SHA-256 of the text of the page. */
  readonly digest: string
  readonly runner: Runner
  readonly operator: Operator
  readonly isUnattended: boolean
  readonly clock: Clock
  /** Ctrl-C: the run stops, and can be resumed. */
  readonly signal: AbortSignal
  /** Our own environment: of it, steps get what they name. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where commands run. */
  readonly folder: string
  /** Answers given beforehand. */
  readonly given: Readonly<Record<string, string>>
}

/** What every step of a run needs. */
export interface RunContext extends RunRunbookOptions {
  readonly runbook: Runbook
  readonly variables: Map<string, string>
  /** Values that are never shown or kept, by name. */
  readonly secrets: Map<string, string>
}

/** Ends a run for good: what was done is undone, where the page says how. */
export class AbortError extends Error {
  override readonly name = 'AbortError'
}
