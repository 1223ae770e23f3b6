import type { Action, Block, Prompt, Step } from '../format/runbook.ts'
import type { EndEntry } from './journal.ts'

/** What a run tells while it goes on. */
export type RunEvent =
  /** A step comes next: where it stands, and what the page says before it. */
  | { readonly kind: 'next'; readonly action: Action }
  | { readonly kind: 'step'; readonly action: Action; readonly block: Block | undefined; readonly shown: string }
  | { readonly kind: 'again'; readonly because: string; readonly leftTries: number }
  | { readonly kind: 'end'; readonly action: Action; readonly end: EndEntry; readonly tookMs: number }
  | { readonly kind: 'branch'; readonly heading: string; readonly taken: boolean }
  | { readonly kind: 'note'; readonly text: string }

/** Thrown by an operator who wants to go on another time: the run can be resumed. */
export class StopError extends Error {
  override readonly name = 'StopError'
}

/** Who decides: a person at a terminal, or the rules of an unattended run. */
export interface Operator {
  tell(event: RunEvent): void
  /** An answer to a prompt, which fits it; undefined: there is none. */
  ask(prompt: Prompt): Promise<string | undefined>
  /** Whether something dangerous may be done now. */
  approve(request: { action: Action; block: Block; shown: string }): Promise<boolean>
  /** A person does it, and says so. */
  tick(action: Action, text: string): Promise<'ok' | 'skipped' | 'left'>
  /** A step failed. */
  afterFailure(step: Step, because: string): Promise<'again' | 'skip' | 'abort'>
  /** The run ended before while this step was in the middle. */
  interrupted(step: Step): Promise<'again' | 'done' | 'abort'>
  /** The condition of a branch holds: whether it is taken. */
  take(heading: string): Promise<boolean>
}
