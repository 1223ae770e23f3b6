import type { Problem } from '../../source/index.ts'

/** What can be wrong with a vault. Kinds are stable: docs/guide/vault.md lists them. */
export type VaultFindingKind =
  | 'page'
  | 'region'
  | 'broken-link'
  | 'ambiguous-link'
  | 'case-mismatch'
  | 'missing-heading'
  | 'missing-block'
  | 'missing-embed'
  | 'embed-cycle'
  | 'unsafe-link'
  | 'outside-vault'
  | 'orphan'
  | 'review'
  | 'review-overdue'
  | 'unknown-component'
  | 'runbook-without-component'
  | 'component-without-runbook'

export interface VaultFinding extends Problem {
  readonly kind: VaultFindingKind
  /** A warning fails nothing: it is a hint, or came with time and not with a change. */
  readonly severity: 'error' | 'warning'
}
