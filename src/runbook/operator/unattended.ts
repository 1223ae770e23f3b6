import type { Runbook } from '../format/runbook.ts'
import type { Operator, RunEvent } from '../run/operator.ts'

export interface UnattendedOptions {
  readonly runbook: Runbook
  /** Steps that the command line approves; `all` is every one. */
  readonly approved: readonly string[]
  readonly tell: (event: RunEvent) => void
}

/** The rules of a run without a person: what is not approved is not done, what fails aborts, people's steps are left. */
export function createUnattended({ runbook, approved, tell }: UnattendedOptions): Operator {
  return {
    tell,
    ask: async ({ fallback }) => fallback,
    approve: async ({ action: { id } }) =>
      approved.includes('all') || approved.includes(id) || runbook.unattended.includes(id),
    tick: async () => 'left',
    afterFailure: async () => 'abort',
    // Its verification is asked before this; without one nobody can tell, so nothing is done twice.
    interrupted: async () => 'abort',
    take: async () => true,
  }
}
