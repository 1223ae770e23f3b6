/** One process of the lab, or one thing that is watched. */
export interface LivePart {
  readonly name: string
  /** The component of the model it is an instance of. */
  readonly component: string
  readonly state: string
  readonly reason: string | undefined
  readonly faults: readonly string[]
}

export interface LiveBreaker {
  readonly guard: string
  readonly instance: string
  readonly state: string
}

/** What is down now, who is hit, which runbook. */
export interface HubLive {
  /** `off`: nothing is watched, or the lab is down. */
  readonly state: 'off' | 'starting' | 'watching'
  readonly at: string
  readonly lab: string | undefined
  readonly parts: readonly LivePart[]
  /** Components of which fewer instances than needed are ready. */
  readonly down: readonly LiveOutage[]
  /** Breakers that are not closed. */
  readonly breakers: readonly LiveBreaker[]
  readonly flowsDown: readonly string[]
  readonly flowsDegraded: readonly string[]
  readonly downShare: number
  readonly degradedShare: number
}

export interface LiveOutage {
  readonly component: string
  readonly title: string
  readonly mode: 'crash' | 'hang'
  readonly since: string
  readonly runbook: string | undefined
  /** The flows it takes down that have an error budget, and how many minutes of it a year has. */
  readonly burns: readonly { readonly flow: string; readonly budgetMinutes: number }[]
}
