/** What an instance is doing. `ready` and `unready` have a process; the others may be about to get or lose one. */
export type InstanceState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'unready'; readonly reason: string }
  | { readonly kind: 'restarting'; readonly reason: string }
  | { readonly kind: 'held' }
  /** A part that has work to do once did it. */
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }

/** Whether waiting for readiness is over: it has come to what it should be, or it is clear that it will not. */
export function findOutcome(state: InstanceState): { readonly reason: string | undefined } | undefined {
  if (state.kind === 'ready' || state.kind === 'held' || state.kind === 'done') return { reason: undefined }
  return state.kind === 'unready' || state.kind === 'failed' ? { reason: state.reason } : undefined
}
