import type { FastifyInstance } from 'fastify'
import type { Assessment } from '../../assess/index.ts'
import type { Evidence, Proof } from '../../evidence/index.ts'
import type { HubDocs } from '../contract/docs.ts'
import type { DrillEntry } from '../contract/drill.ts'
import type { RunbookEntry, StartOfRun } from '../contract/page-run.ts'
import type { HubRuns } from '../contract/run.ts'
import type { Access, Person } from './access.ts'
import type { Streams } from './streams.ts'

/** The vault as it was last read. */
export interface Snapshot {
  /** Changes with the vault. */
  readonly digest: string
  readonly assessment: Assessment
  readonly proof: Proof
  readonly evidence: Evidence
  readonly drills: readonly DrillEntry[]
  readonly runbooks: readonly RunbookEntry[]
  readonly docs: HubDocs
  readonly runs: HubRuns
}

export interface HubOptions {
  /** Throws an `Error` with a message for people while the vault cannot be read. */
  readonly read: () => Snapshot
  readonly streams: Streams
  readonly access: Access
  readonly hosts: readonly string[]
  /** The pages by path, from memory: no request names a file. */
  readonly files: ReadonlyMap<string, { readonly type: string; readonly body: Buffer }>
  readonly actions: Actions
  readonly alerts: AlertReceiver
}

export interface AlertReceiver {
  /** Whether this is the token that alerts must show; undefined: they are not taken. */
  readonly mayReceive: (authorization: string | undefined) => boolean | undefined
  /** Takes the body of a webhook and says how many alerts it held; throws an `Error` for the sender when it is none. */
  readonly receive: (text: string) => number
}

/** What people may set going. Each throws an `Error` with a message for them when it cannot. */
export interface Actions {
  readonly runDrill: (drill: string, by: Person) => Promise<void>
  readonly stopDrill: (by: Person) => Promise<void>
  readonly runPage: (runbook: string, start: StartOfRun, by: Person) => Promise<void>
  readonly answer: (question: number, value: string, by: Person) => Promise<void>
  readonly stopPage: (by: Person) => Promise<void>
}

/** Loaded when it is needed: other commands start in half the time without it. */
export async function createHub(options: HubOptions): Promise<FastifyInstance> {
  const { buildHub } = await import('./build-hub.ts')
  return buildHub(options)
}
