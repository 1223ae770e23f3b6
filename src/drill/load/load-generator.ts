import { closeSync, openSync, writeSync } from 'node:fs'
import type { LoadInput } from '../format/schema.ts'
import type { Sample } from './sample.ts'
import { sendRequest } from './send-request.ts'

/** More would exhaust this machine, not the platform: what is due then counts as failed. */
const UNDER_WAY_MAX = 5_000

export interface LoadOptions {
  readonly name: string
  /** `performance.now()` of the beginning of the trial. */
  readonly originMs: number
  /** Where what was acknowledged is written down, one id a line. */
  readonly acknowledgedFile: string | undefined
  readonly onSample: (sample: Sample) => void
}

/**
 * Users who come at a fixed rate whatever happens to those before them: a platform that stalls gets no mercy, and the
 * wait of each is counted from when it was due (no coordinated omission; Tene 2013, "How NOT to measure latency").
 */
export class LoadGenerator {
  readonly #load: LoadInput
  readonly #options: LoadOptions
  readonly #underWay = new Set<Promise<void>>()
  readonly #beganMs = performance.now()
  #timer: NodeJS.Timeout | undefined
  #file: number | undefined
  #sent = 0
  /** How many writes the platform has acknowledged. */
  acknowledged = 0

  constructor(load: LoadInput, options: LoadOptions) {
    this.#load = load
    this.#options = options
  }

  start(): void {
    if (this.#options.acknowledgedFile !== undefined) this.#file = openSync(this.#options.acknowledgedFile, 'w', 0o600)
    this.#sendDue()
  }

  /** Sends no more, and waits for the answers to what is under way: bounded by their timeouts. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    await Promise.all(this.#underWay)
    if (this.#file !== undefined) closeSync(this.#file)
  }

  /** Everything that is due by now, also when our own timer was late. */
  #sendDue(): void {
    const intervalMs = 1_000 / this.#load.rate
    for (; this.#beganMs + this.#sent * intervalMs <= performance.now(); this.#sent++) {
      const one = this.#send(this.#beganMs + this.#sent * intervalMs, this.#sent)
      this.#underWay.add(one)
      void one.finally(() => this.#underWay.delete(one))
    }
    const waitMs = this.#beganMs + this.#sent * intervalMs - performance.now()
    this.#timer = setTimeout(() => this.#sendDue(), Math.max(0, waitMs))
  }

  async #send(dueMs: number, n: number): Promise<void> {
    const { name, originMs, onSample } = this.#options
    const isTooMuch = this.#underWay.size >= UNDER_WAY_MAX
    const answered = isTooMuch
      ? { outcome: 'failed' as const, detail: 'not sent: too many under way', acknowledged: undefined }
      : await sendRequest(this.#load, n)
    if (answered.acknowledged !== undefined && this.#file !== undefined) {
      writeSync(this.#file, `${JSON.stringify(answered.acknowledged)}\n`)
      this.acknowledged++
    }
    const { outcome, detail } = answered
    onSample({ load: name, atMs: dueMs - originMs, tookMs: performance.now() - dueMs, outcome, detail })
  }
}
