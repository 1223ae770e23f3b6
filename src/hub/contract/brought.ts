import type { Readings } from './routes.ts'

/** What the server writes into the page for whoever may look, so that it is there before the page could ask for it. */
export interface Brought {
  /** Of the vault, as the event `model` tells it: what was brought is good until that tells another. */
  readonly digest: string
  readonly answers: { readonly [Path in keyof Readings]?: Readings[Path]['answers'] }
}
