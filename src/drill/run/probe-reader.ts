import { existsSync, statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { openLab } from '../../lab/index.ts'
import { reasonOf } from '../drill-error.ts'
import { type ProbeContext, readProbe } from '../probe/probe.ts'
import { environmentOf } from './environment-of.ts'
import type { Look } from './result.ts'
import type { RunContext } from './run-context.ts'

const EVERY_MS = 1_000

/** The probes of a drill in one trial: asked on demand, and again and again while it goes on. */
export class ProbeReader {
  readonly #run: RunContext
  readonly #context: ProbeContext
  readonly #originMs: number
  readonly #looks: Record<string, Look[]> = {}
  readonly #stopped = new AbortController()
  #loops: Promise<unknown>[] = []

  constructor(run: RunContext, { originMs, acknowledgedFolder }: { originMs: number; acknowledgedFolder: string }) {
    this.#run = run
    this.#originMs = originMs
    this.#context = {
      folder: run.plan.folder,
      environment: environmentOf(run.plan, acknowledgedFolder),
      logsOf: this.#findLogs(),
    }
  }

  get looks(): Readonly<Record<string, readonly Look[]>> {
    return this.#looks
  }

  /** Asks a probe once, and keeps what it said. */
  async look(name: string): Promise<Look> {
    const probe = this.#run.plan.input.probes?.[name]
    const answer = probe ? readProbe(probe, this.#context) : Promise.reject(new Error('there is no such probe'))
    const { value, reason } = await answer.then(
      (value) => ({ value, reason: undefined }),
      (error: unknown) => ({ value: undefined, reason: reasonOf(error) }),
    )
    const look = { atMs: performance.now() - this.#originMs, value, reason }
    this.#looks[name] = [...(this.#looks[name] ?? []), look]
    this.#run.observer.onLook(name, look)
    return look
  }

  /** Asks every probe that may be asked often, again and again, until it is stopped. */
  start(): void {
    const often = Object.entries(this.#run.plan.input.probes ?? {}).filter(([, probe]) => !probe.once)
    this.#loops = often.map(async ([name, { every = EVERY_MS }]) => {
      while (!this.#stopped.signal.aborted) {
        const [, wait] = [await this.look(name), every]
        await pause(wait, undefined, { signal: this.#stopped.signal }).catch(() => undefined)
      }
    })
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all(this.#loops)
  }

  /** Every probe once more, so that what is judged next rests on fresh values. */
  async lookAtAll(): Promise<void> {
    await Promise.all(Object.keys(this.#run.plan.input.probes ?? {}).map((name) => this.look(name)))
  }

  /** Logs are read from where they end now. */
  #findLogs(): ProbeContext['logsOf'] {
    const { plan, folder } = openLab(this.#run.plan.labFile, {})
    const logs = plan.instances.map(({ name, part }) => {
      const file = folder.logOf(name)
      return { name, part, file, from: existsSync(file) ? statSync(file).size : 0 }
    })
    return (wanted) => logs.filter(({ name, part }) => name === wanted || part === wanted)
  }
}
