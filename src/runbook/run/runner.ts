import type { Operation } from '../format/operation.ts'

/** What came of an operation. */
export interface Outcome {
  /** Exit or HTTP status; undefined when there is none: `failure` says why. */
  readonly status: number | undefined
  /** What is judged and captured: standard output, the body of an answer, rows as JSON. */
  readonly output: string
  /** What else it said: standard error. */
  readonly errors: string
  /** Why it could not be carried out to its end: too late, no such program, no connection. */
  readonly failure: string | undefined
}

export interface RunOptions {
  readonly timeoutMs: number
  /** Aborted by Ctrl-C: what runs is ended. */
  readonly signal: AbortSignal
  /** Names of our own environment that a command is given, with their values. */
  readonly environment: Readonly<Record<string, string>>
  /** Where commands run. */
  readonly folder: string
}

/** Carries out operations: the only door of a run to the world. */
export interface Runner {
  run(operation: Operation, options: RunOptions): Promise<Outcome>
  /** Of these programs, those that are not there. */
  lacks(programs: readonly string[]): string[]
}

/** Time, passed in so that no test waits. */
export interface Clock {
  now(): number
  wait(ms: number, signal: AbortSignal): Promise<void>
}
