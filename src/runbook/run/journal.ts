import type { Role } from '../format/runbook.ts'

/** `ok`: done and seen to be. `left`: for people, or for another environment. `skipped`: an operator said so. */
export type State = 'ok' | 'failed' | 'skipped' | 'left'

/** How a run ended. `stopped`: it can be resumed. */
export type Ending = 'finished' | 'aborted'

/** One line of a journal, written before or right after what it tells of. Times are milliseconds since 1970. */
export type Entry =
  | {
      readonly kind: 'start'
      readonly at: number
      readonly run: string
      readonly page: string
      /** SHA-256 of the text of the page: a run goes on only with the page that it began with. */
      readonly digest: string
      readonly environment: string
      readonly isUnattended: boolean
    }
  | { readonly kind: 'resume'; readonly at: number }
  | { readonly kind: 'answer'; readonly at: number; readonly name: string; readonly value: string }
  | { readonly kind: 'begin'; readonly at: number; readonly id: string; readonly role: Role; readonly shown: string }
  | {
      readonly kind: 'end'
      readonly at: number
      readonly id: string
      readonly role: Role
      readonly state: State
      readonly output: string
      /** The judgement in one sentence. */
      readonly because: string
      readonly captured: Readonly<Record<string, string>>
      readonly isRecovery: boolean
    }
  | {
      readonly kind: 'branch'
      readonly at: number
      readonly id: string
      readonly heading: string
      readonly taken: boolean
    }
  | {
      readonly kind: 'approval'
      readonly at: number
      readonly id: string
      readonly approver: string
      readonly granted: boolean
    }
  | { readonly kind: 'finish'; readonly at: number; readonly ending: Ending; readonly because: string }

export type EndEntry = Entry & { kind: 'end' }

/** Where a run is written down. `append` returns once the entry survives a power cut. */
export interface Journal {
  readonly entries: readonly Entry[]
  append(entry: Entry): void
}
