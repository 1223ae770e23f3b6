import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { formatDuration } from '../../source/index.ts'
import type { InstancePlan } from '../format/plan.ts'
import { type Identity, isAlive } from '../process/identity.ts'
import { inheritedEnvironment, launch, prepareFolders } from '../process/launch.ts'
import { findMarked, findRoots, LAB_MARK, PART_MARK } from '../process/process-table.ts'
import { freezeTree, signalTree, stopTree } from '../process/signal.ts'
import { checkReady } from '../ready/check-ready.ts'
import type { InstanceRecord, LabFolder } from '../state/lab-folder.ts'
import { findOutcome, type InstanceState } from './instance-state.ts'
import { backoffMs, shouldRestart } from './restart-policy.ts'

const READY_POLL_MS = 50
const READY_LOOK_MS = 2_000
const LATE_POLL_MS = 1_000
const ADOPTED_POLL_MS = 100
/** A check that never succeeds ends by itself; this is for a process that ends and starts again all the while. */
const SETTLE_MARGIN_MS = 1_000

interface InstanceOptions {
  readonly folder: LabFolder
  readonly mark: string
  readonly onState: (instance: Instance) => void
}

/** How a process ended. An adopted one leaves no status. */
interface Exit {
  readonly status: number | undefined
  readonly reason: string
}

/**
 * Keeps one instance of a part running: start, wait until ready, watch, restart by policy. Held back while the fault
 * `kill` is in force. Every process is recorded on disk before anything is awaited.
 */
export class Instance {
  plan: InstancePlan
  restarts = 0
  #state: InstanceState = { kind: 'stopped' }
  #process: Identity | undefined
  #isHeld = false
  #stopping = new AbortController()
  /** Ends the wait before the next start. */
  #waiting = new AbortController()
  #loop: Promise<void> | undefined
  readonly #watchers = new Set<() => void>()
  readonly #options: InstanceOptions

  constructor(plan: InstancePlan, options: InstanceOptions) {
    this.plan = plan
    this.#options = options
  }

  get state(): InstanceState {
    return this.#state
  }

  get process(): Identity | undefined {
    return this.#process && isAlive(this.#process) ? this.#process : undefined
  }

  /** Whether nothing will happen any more unless it is started again. */
  get isIdle(): boolean {
    return this.#loop === undefined
  }

  /** Starts it, or takes over the process of an earlier supervisor. */
  start(adopted?: InstanceRecord): void {
    if (!this.isIdle) return
    this.#stopping = new AbortController()
    this.#loop = this.#keepRunning(adopted).finally(() => {
      this.#loop = undefined
    })
  }

  /** Stops it with everything it started, and removes its record once all are gone. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.thaw()
    // One that survives SIGKILL hangs in the kernel: its record stays, and `lab down` says so.
    if (this.#process && !(await stopTree(this.#process, this.plan.stop))) return
    await this.#loop
    await this.#endRest()
    if (!this.process) this.#options.folder.removeInstance(this.plan.name)
    this.#become({ kind: 'stopped' })
  }

  /** Ends it as a crash does, and keeps it down until it is released. Resolves once it has ended. */
  async hold(): Promise<void> {
    this.#isHeld = true
    this.#waiting.abort()
    if (this.#process) signalTree(this.#process, 'SIGKILL')
    await this.#loop
    this.#become({ kind: 'held' })
  }

  /** Stops it and starts it as another plan says; resolves once that was started. */
  async replace(plan: InstancePlan): Promise<void> {
    await this.stop()
    this.plan = plan
    this.start()
  }

  /** Stops all of its processes in their tracks, also those that it put in the background. */
  freeze(): void {
    for (const root of this.#roots()) freezeTree(root)
  }

  thaw(): void {
    for (const root of this.#roots()) signalTree(root, 'SIGCONT')
  }

  #roots(): Identity[] {
    const main = this.process
    return main ? findRoots(main, { mark: this.#options.mark, name: this.plan.name }) : []
  }

  release(): void {
    this.#isHeld = false
    this.start()
  }

  /** Waits until it is ready, done or held: undefined. Or until it is clear that it will not be: why. */
  whenSettled(signal?: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      const settle = (reason: string | undefined) => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        signal?.removeEventListener('abort', look)
        resolve(reason)
      }
      const look = () => {
        const outcome = signal?.aborted ? { reason: 'was stopped before it was ready' } : findOutcome(this.#state)
        if (outcome) settle(outcome.reason)
      }
      const { readyWithinMs } = this.plan
      const timer = setTimeout(() => {
        const last = 'reason' in this.#state ? `: it ${this.#state.reason}` : ''
        settle(`was not ready after ${formatDuration(readyWithinMs)}${last}`)
      }, readyWithinMs + SETTLE_MARGIN_MS)
      this.#watchers.add(look)
      signal?.addEventListener('abort', look)
      look()
    })
  }

  async #keepRunning(adopted: InstanceRecord | undefined): Promise<void> {
    let failures = 0
    this.restarts = adopted?.restarts ?? this.restarts
    for (let record = adopted; !this.#isStopping; record = undefined) {
      if (this.#isHeld) return
      const startedAt = performance.now()
      const exit = await this.#runOnce(record)
      if (this.#isStopping) return
      await this.#endRest()
      if (this.#isHeld) return
      if (!shouldRestart(this.plan.restart.when, exit.status))
        return this.#become(exit.status === 0 ? { kind: 'done' } : { kind: 'failed', reason: exit.reason })
      const wait = backoffMs({ failures, ranMs: performance.now() - startedAt })
      failures = wait.failures
      if (failures >= this.plan.restart.attempts)
        return this.#become({ kind: 'failed', reason: `${exit.reason}; given up after ${failures} starts in a row` })
      this.#become({ kind: 'restarting', reason: `${exit.reason}; starts again after ${formatDuration(wait.ms)}` })
      this.#waiting = new AbortController()
      const signal = AbortSignal.any([this.#stopping.signal, this.#waiting.signal])
      await pause(wait.ms, undefined, { signal }).catch(() => undefined)
      this.restarts++
    }
  }

  /** One life of the process, from its start to its end. */
  async #runOnce(adopted: InstanceRecord | undefined): Promise<Exit> {
    this.#become({ kind: 'starting' })
    if (adopted) {
      this.#process = adopted.process
      return this.#watch(this.#waitForAdopted(adopted.process), adopted)
    }
    try {
      prepareFolders(this.plan)
      const { prepare } = this.plan
      if (prepare && !(prepare.unless && existsSync(resolve(this.plan.folder, prepare.unless)))) {
        const exit = await this.#launch(prepare.command).exited
        if (exit.status !== 0 || this.#isStopping) return { ...exit, reason: `its preparation ${exit.reason}` }
      }
      const { exited, record } = this.#launch(this.plan.command)
      return this.#watch(exited, record)
    } catch (error) {
      return { status: undefined, reason: error instanceof Error ? error.message : String(error) }
    }
  }

  /** From here to the record on disk nothing is awaited. */
  #launch(command: readonly string[]): { exited: Promise<Exit>; record: InstanceRecord | undefined } {
    const { folder, mark } = this.#options
    const log = folder.logOf(this.plan.name)
    const logFrom = existsSync(log) ? statSync(log).size : 0
    const { child, identity } = launch(this.plan, command, { mark, log })
    const exited = new Promise<Exit>((resolve) => {
      child.once('exit', (status, signal) => resolve(describeExit(status, signal)))
      child.once('error', (error) => resolve({ status: undefined, reason: `cannot be started: ${error.message}` }))
    })
    if (!identity) return { exited, record: undefined }
    this.#process = identity
    const record = this.#describe(identity, logFrom)
    folder.writeInstance(record)
    return { exited, record }
  }

  #describe(identity: Identity, logFrom: number): InstanceRecord {
    const { name, part, ports, dependsOn, stop, digest } = this.plan
    const startedAt = new Date().toISOString()
    const plan = { name, part, ports, dependsOn, stop, digest }
    return { ...plan, process: identity, startedAt, readyAt: undefined, restarts: this.restarts, logFrom }
  }

  /** Waits until the process is ready and until it ends; says which came first. */
  async #watch(exited: Promise<Exit>, record: InstanceRecord | undefined): Promise<Exit> {
    const ended = new AbortController()
    const watched = exited.finally(() => ended.abort())
    const signal = AbortSignal.any([ended.signal, this.#stopping.signal])
    if (record) void this.#waitUntilReady(record, signal)
    return watched
  }

  /** Looks again and again; one that is late is reported, and becomes ready all the same once it is. */
  async #waitUntilReady(record: InstanceRecord, signal: AbortSignal): Promise<void> {
    const { readyWithinMs } = this.plan
    const deadline = performance.now() + readyWithinMs
    for (;;) {
      const reason = await this.#look(record)
      if (signal.aborted) return
      if (reason === undefined) break
      const isLate = performance.now() >= deadline
      if (isLate)
        this.#become({ kind: 'unready', reason: `was not ready after ${formatDuration(readyWithinMs)}: ${reason}` })
      await pause(isLate ? LATE_POLL_MS : READY_POLL_MS, undefined, { signal }).catch(() => undefined)
    }
    this.#options.folder.writeInstance({ ...record, readyAt: record.readyAt ?? new Date().toISOString() })
    this.#become({ kind: 'ready' })
  }

  /** Undefined when it is ready. A line once seen in its log counts for good. */
  async #look(record: InstanceRecord): Promise<string | undefined> {
    const { ready: check, name, folder, environment } = this.plan
    if (!check || (check.kind === 'log' && record.readyAt !== undefined)) return undefined
    const marks = { [LAB_MARK]: this.#options.mark, [PART_MARK]: name }
    return checkReady(check, {
      log: this.#options.folder.logOf(name),
      logFrom: record.logFrom,
      folder,
      environment: { ...inheritedEnvironment(), ...environment, ...marks },
      withinMs: READY_LOOK_MS,
    })
  }

  /** A process that another supervisor started is not our child: it is looked at again and again. */
  async #waitForAdopted(identity: Identity): Promise<Exit> {
    while (isAlive(identity)) await pause(ADOPTED_POLL_MS)
    return { status: undefined, reason: 'ended while another supervisor watched it' }
  }

  /** What a dead process left behind would hold its ports and files. */
  async #endRest(): Promise<void> {
    const rest = findMarked(this.#options.mark).filter(({ name }) => name === this.plan.name)
    await Promise.all(rest.map(({ identity }) => stopTree(identity, { signal: 'SIGKILL', withinMs: 0 })))
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  #become(state: InstanceState): void {
    this.#state = state
    this.#options.onState(this)
    for (const look of [...this.#watchers]) look()
  }
}

function describeExit(status: number | null, signal: NodeJS.Signals | null): Exit {
  return status === null
    ? { status: undefined, reason: `was ended by ${signal}` }
    : { status, reason: `ended with status ${status}` }
}
