import type { Operation } from '../format/operation.ts'
import { readRunbook } from '../format/read-runbook.ts'
import type { Runbook } from '../format/runbook.ts'
import type { Entry, Journal } from '../run/journal.ts'
import type { Operator, RunEvent } from '../run/operator.ts'
import type { RunRunbookOptions } from '../run/run-context.ts'
import { runRunbook } from '../run/run-runbook.ts'
import type { Outcome } from '../run/runner.ts'

/** The process is gone: nothing after this happens. */
export class Crash extends Error {}

/** What outlives a crash: the journal, and what was done to the world. */
export interface FakeWorld {
  readonly entries: Entry[]
  /** Every operation that was carried out, as its text. */
  readonly done: string[]
  readonly events: RunEvent[]
  nowMs: number
}

export function createFakeWorld(): FakeWorld {
  return { entries: [], done: [], events: [], nowMs: Date.UTC(2026, 0, 1) }
}

export interface FakeOptions {
  /** What an operation gives; by default a good, empty end. */
  readonly answer?: (text: string, world: FakeWorld) => Partial<Outcome>
  readonly operator?: Partial<Operator>
  /** Called before each note in the journal and each operation: may throw a `Crash`. */
  readonly onPoint?: (point: string) => void
  readonly options?: Partial<RunRunbookOptions>
}

const OPERATOR: Operator = {
  tell: () => undefined,
  ask: async ({ fallback }) => fallback,
  approve: async () => true,
  tick: async () => 'ok',
  afterFailure: async () => 'abort',
  interrupted: async () => 'again',
  take: async () => true,
}

/** One life of a process that runs the page: each operation takes a second. */
export function runFake(runbook: Runbook, world: FakeWorld, fake: FakeOptions = {}) {
  const { answer = () => ({}), operator = {}, onPoint = () => undefined, options = {} } = fake
  const journal: Journal = {
    entries: world.entries,
    append: (entry) => {
      onPoint(`before ${entry.kind}`)
      world.entries.push(JSON.parse(JSON.stringify(entry)))
      onPoint(`after ${entry.kind}`)
    },
  }
  return runRunbook(runbook, {
    environment: 'lab',
    journal,
    run: 'run-1',
    digest: 'd',
    runner: {
      lacks: (programs) => programs.filter((program) => program === 'absent'),
      run: async (operation) => {
        onPoint('before operation')
        const text = textOf(operation)
        world.done.push(text)
        world.nowMs += 1_000
        onPoint('after operation')
        return { status: 0, output: '', errors: '', failure: undefined, ...answer(text, world) }
      },
    },
    operator: { ...OPERATOR, tell: (event) => void world.events.push(event), ...operator },
    isUnattended: false,
    clock: {
      now: () => world.nowMs,
      wait: async (ms) => {
        world.nowMs += ms
      },
    },
    signal: new AbortController().signal,
    env: {},
    folder: '/',
    given: {},
    ...options,
  })
}

function textOf(operation: Operation): string {
  if (operation.kind === 'shell') return operation.script.trim()
  if (operation.kind === 'command') return operation.words.join(' ')
  return operation.kind === 'http' ? `${operation.method} ${operation.url}` : operation.query.trim()
}

/** The page of this text, which has to be without mistakes. */
export function runbookOf(body: string, front = ''): Runbook {
  const { runbook, problems } = readRunbook({ file: 'RUNBOOK-X.md', text: `---\ntype: runbook\n${front}---\n${body}` })
  if (!runbook) throw new Error(problems.map(({ message }) => message).join('\n'))
  return runbook
}
