/** A runbook as the hub lists it. */
export interface RunbookEntry {
  readonly name: string
  readonly title: string
  readonly path: string
  readonly components: readonly string[]
  readonly severity: string | undefined
  readonly targetMs: number | undefined
  readonly problems: readonly string[]
}

/** What somebody has to decide before the run goes on. */
export interface RunQuestion {
  readonly id: number
  readonly kind: 'ask' | 'approve' | 'tick' | 'failure' | 'interrupted' | 'branch'
  readonly text: string
  /** Undefined: free text. */
  readonly choices: readonly string[] | undefined
  readonly isSecret: boolean
  /** Who may answer. */
  readonly role: 'operator' | 'approver'
  readonly fallback: string | undefined
}

export interface RunLine {
  readonly at: string
  readonly kind: 'heading' | 'says' | 'does' | 'shows' | 'ok' | 'failed' | 'skipped' | 'left' | 'note' | 'answer'
  readonly text: string
}

/** A page that is carried out, the same for everyone who looks. */
export interface HubPageRun {
  readonly runbook: string
  readonly title: string
  readonly by: string
  readonly startedAt: string
  readonly targetMs: number | undefined
  readonly state: 'running' | 'waiting' | 'ended'
  readonly question: RunQuestion | undefined
  readonly lines: readonly RunLine[]
  readonly result:
    | {
        readonly ending: string
        readonly because: string
        readonly rtoMs: number | undefined
        readonly isInTime: boolean | undefined
        readonly steps: readonly { readonly id: string; readonly state: string; readonly tookMs: number }[]
        readonly transcript: string
        readonly postMortem: string | undefined
      }
    | undefined
  readonly trouble: string | undefined
}
