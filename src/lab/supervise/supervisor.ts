import { redeploy } from '../fault/deployment.ts'
import { isInForce } from '../fault/fault.ts'
import { breakTargets, mendTargets } from '../fault/fault-board.ts'
import { linkFaultsOf } from '../fault/link-faults.ts'
import type { InstancePlan, LabPlan } from '../format/plan.ts'
import { orderInWaves } from '../format/start-order.ts'
import { LinkProxy } from '../link/link-proxy.ts'
import { isAlive } from '../process/identity.ts'
import { findMarked } from '../process/process-table.ts'
import { stopTree } from '../process/signal.ts'
import type { InstanceRecord, LabFolder } from '../state/lab-folder.ts'
import { balance } from './balance.ts'
import type { Conversation } from './control-channel.ts'
import { Instance } from './instance.ts'
import type { ProgressEvent, Request, SupervisorStatus, UpAnswer } from './requests.ts'

/** Runs the parts of one lab. Knows nothing that is not in its plan, its records and its journal of faults. */
export class Supervisor {
  readonly #folder: LabFolder
  readonly #mark: string
  readonly #instances = new Map<string, Instance>()
  readonly #links = new Map<string, LinkProxy>()
  #balancing: ReturnType<typeof balance> | undefined
  readonly #watchers = new Set<(instance: Instance) => void>()
  #plan: LabPlan | undefined
  #abandoned: Promise<object> | undefined
  #current: { readonly done: Promise<unknown>; readonly cancel: AbortController } | undefined

  constructor(folder: LabFolder, mark: string) {
    this.#folder = folder
    this.#mark = mark
  }

  /** Whether there is nothing to watch over and nothing under way. */
  get isEmpty(): boolean {
    return this.#instances.size === 0 && this.#current === undefined
  }

  /** One request after the other. A question does not wait; `down` cancels what is under way. */
  async answer(request: Request, conversation: Conversation): Promise<object> {
    if (request.do === 'status') return this.#describe()
    if (request.do === 'down') this.#current?.cancel.abort()
    while (this.#current) await this.#current.done
    const cancel = new AbortController()
    if (conversation.signal.aborted) cancel.abort()
    conversation.signal.addEventListener('abort', () => cancel.abort())
    const answer = this.#act(request, { ...conversation, signal: cancel.signal })
    const done = answer
      .catch(() => undefined)
      .finally(() => {
        this.#current = undefined
      })
    this.#current = { done, cancel }
    return answer
  }

  /** Stops everything, because nobody can ask for it any more. */
  async abandon(): Promise<void> {
    this.#abandoned ??= this.answer({ do: 'down' }, { send: () => undefined, signal: new AbortController().signal })
    await this.#abandoned
  }

  #act(request: Exclude<Request, { do: 'status' }>, conversation: Conversation): Promise<object> {
    if (request.do === 'up') return this.#bringUp(request.plan, conversation)
    if (request.do === 'down') return this.#takeDown(conversation)
    if (!this.#plan) throw new Error('The lab is not up. Run linchpin lab up.')
    const lab = { plan: this.#plan, folder: this.#folder, instances: this.#instances, links: this.#links }
    return request.do === 'break'
      ? breakTargets(lab, request).then((applied) => ({ applied }))
      : mendTargets(lab, request)
  }

  async #bringUp(plan: LabPlan, conversation: Conversation): Promise<UpAnswer> {
    const records = this.#folder.readInstances()
    const alive = records.filter((record) => isAlive(record.process))
    this.#plan = plan
    await this.#endStrays(alive)
    await this.#openLinks(plan)
    this.#balancing ??= balance({ instances: () => this.#runningPlans(), links: this.#links })
    const fresh = this.#addInstances(plan)
    const kept = plan.instances.filter(
      ({ name }) => this.#instances.get(name)?.process || alive.some((r) => r.name === name),
    )
    const stopWatching = this.#watch((instance) => conversation.send(describeProgress(instance)))
    try {
      const failed = await this.#startInOrder(plan, alive, conversation.signal)
      const isCancelled = conversation.signal.aborted
      const keptNames = kept.map(({ name }) => name)
      const started = plan.instances.map(({ name }) => name).filter((name) => !keptNames.includes(name))
      if (failed.length > 0 || isCancelled) await this.#rollBack(plan, started, fresh)
      return { started, kept: keptNames, failed, isCancelled }
    } finally {
      stopWatching()
    }
  }

  /** What an earlier run started and nobody recorded, because its supervisor was killed in between. */
  async #endStrays(alive: readonly InstanceRecord[]): Promise<void> {
    const known = new Set([
      ...alive.map(({ name }) => name),
      ...[...this.#instances.values()].filter(({ isIdle }) => !isIdle).map(({ plan }) => plan.name),
    ])
    const strays = findMarked(this.#mark).filter(({ name }) => !known.has(name))
    await Promise.all(strays.map(({ identity }) => stopTree(identity, { signal: 'SIGTERM', withinMs: 2_000 })))
  }

  async #openLinks(plan: LabPlan): Promise<void> {
    const faults = this.#folder.readFaults()
    for (const link of plan.links) {
      if (this.#links.has(link.name)) continue
      const proxy = new LinkProxy(link)
      await proxy.setFaults(linkFaultsOf(faults, link.name))
      this.#links.set(link.name, proxy)
    }
  }

  /** The names that are new. */
  #addInstances(plan: LabPlan): string[] {
    const fresh = plan.instances.filter(({ name }) => !this.#instances.has(name))
    const faults = this.#folder.readFaults()
    for (const instance of fresh)
      this.#instances.set(
        instance.name,
        new Instance(redeploy(instance, faults), {
          folder: this.#folder,
          mark: this.#mark,
          onState: (changed) => {
            for (const watcher of this.#watchers) watcher(changed)
          },
        }),
      )
    return fresh.map(({ name }) => name)
  }

  /** Starts each part once the parts it depends on are ready; stops waiting at the first that will not be. */
  async #startInOrder(
    plan: LabPlan,
    alive: readonly InstanceRecord[],
    signal: AbortSignal,
  ): Promise<UpAnswer['failed']> {
    const failed: { name: string; reason: string }[] = []
    const givenUp = new AbortController()
    const stop = AbortSignal.any([signal, givenUp.signal])
    const ready = new Map<string, Promise<unknown>>()
    const startPart = async (part: string, needed: readonly Promise<unknown>[]) => {
      await Promise.all(needed)
      if (stop.aborted) return
      const instances = [...this.#instances.values()].filter((instance) => instance.plan.part === part)
      await Promise.all(
        instances.map(async (instance) => {
          const reason = await this.#startInstance(instance, alive, stop)
          if (reason === undefined || stop.aborted) return
          failed.push({ name: instance.plan.name, reason })
          givenUp.abort()
        }),
      )
    }
    for (const part of orderInWaves(needsOf(plan)).flat()) {
      const needed = (needsOf(plan).get(part) ?? []).flatMap((name) => ready.get(name) ?? [])
      ready.set(part, startPart(part, needed))
    }
    await Promise.all(ready.values())
    return failed
  }

  /** What is broken on purpose is not waited for; what was killed on purpose stays down. */
  #startInstance(instance: Instance, alive: readonly InstanceRecord[], stop: AbortSignal): Promise<string | undefined> {
    const { name } = instance.plan
    const faults = this.#folder.readFaults().filter((fault) => fault.target === name && isInForce(fault))
    if (faults.some(({ fault }) => fault === 'kill')) return instance.hold().then(() => undefined)
    instance.start(alive.find((record) => record.name === name))
    return faults.length > 0 ? Promise.resolve(undefined) : instance.whenSettled(stop)
  }

  /** Leaves nothing half done: what this call started is stopped; what ran before goes on. */
  async #rollBack(plan: LabPlan, started: readonly string[], fresh: readonly string[]): Promise<void> {
    await this.#stopInOrder(plan, started)
    for (const name of fresh) if (started.includes(name)) this.#instances.delete(name)
    if (this.#instances.size === 0) await this.#closeLinks()
  }

  async #takeDown(conversation: Conversation): Promise<object> {
    const stopWatching = this.#watch((instance) => conversation.send(describeProgress(instance)))
    if (this.#plan) await this.#stopInOrder(this.#plan, [...this.#instances.keys()])
    stopWatching()
    this.#instances.clear()
    await this.#closeLinks()
    return {}
  }

  /** Callers stop before what they call. */
  async #stopInOrder(plan: LabPlan, names: readonly string[]): Promise<void> {
    for (const wave of orderInWaves(needsOf(plan)).reverse()) {
      const instances = [...this.#instances.values()].filter(
        (instance) => wave.includes(instance.plan.part) && names.includes(instance.plan.name),
      )
      await Promise.all(instances.map((instance) => instance.stop()))
    }
  }

  async #closeLinks(): Promise<void> {
    this.#balancing?.stop()
    this.#balancing = undefined
    await Promise.all([...this.#links.values()].map((link) => link.close()))
    this.#links.clear()
  }

  #runningPlans(): InstancePlan[] {
    return [...this.#instances.values()].filter(({ isIdle }) => !isIdle).map(({ plan }) => plan)
  }

  #watch(watcher: (instance: Instance) => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  #describe(): SupervisorStatus {
    const instances = [...this.#instances.values()]
    return {
      instances: instances.map(({ plan, state, restarts }) => ({ name: plan.name, state, restarts })),
      links: [...this.#links.values()].map(({ plan, harmed }) => ({ name: plan.name, harmed })),
    }
  }
}

function needsOf(plan: LabPlan): Map<string, readonly string[]> {
  return new Map(plan.instances.map(({ part, dependsOn }) => [part, dependsOn]))
}

function describeProgress({ plan, state }: Instance): ProgressEvent {
  return { name: plan.name, state, ports: plan.ports }
}
