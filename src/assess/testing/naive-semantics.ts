import type { Alternative, Component, Dependency, Flow, SystemModel } from '../../model/index.ts'
import { type BasicEvent, listEvents } from '../semantics/basic-event.ts'
import { failoverTimeMs } from '../semantics/failover-time.ts'

/**
 * The rules of docs/theory/semantics.md read out loud, one state at a time: no gates, no sharing between flows, no
 * rounding of limits. Slow and obvious, it is what the assessment is compared with.
 */
export class NaivePlatform {
  readonly events: readonly BasicEvent[]
  readonly #model: SystemModel
  readonly #components: ReadonlyMap<string, Component>
  #present: ReadonlySet<BasicEvent> = new Set()
  readonly #longestMs: number
  #true = new Set<string>()
  #asked = new Set<string>()
  #hasChanged = false

  constructor(model: SystemModel) {
    this.#model = model
    this.#components = new Map(model.components.map((component) => [component.id, component]))
    this.events = model.components.flatMap((component) => {
      const host = this.#components.get(component.runsOn[0] ?? '')
      const perYear = component.failures.crash.perYear + (host?.failures.crash.perYear ?? 0)
      return listEvents(component, { perYear, durationMs: failoverTimeMs(component, {}) })
    })
    this.#longestMs = Math.max(...this.events.map((event) => event.durationMs))
  }

  /** For each flow: is it down, and is it down or degraded, while these events are present? */
  look(present: ReadonlySet<BasicEvent>): { down: boolean[]; impaired: boolean[] } {
    this.#present = present
    this.#true = new Set()
    const read = (): { down: boolean[]; impaired: boolean[] } => {
      this.#hasChanged = false
      this.#asked = new Set()
      const down = this.#model.flows.map((flow) => {
        const entry = this.#get(flow.entry)
        return this.#down(entry, flow, 0) || this.#hung(entry, flow, 0, false)
      })
      const impaired = this.#model.flows.map(
        (flow, i) => (down[i] ?? false) || this.#degraded(this.#get(flow.entry), flow),
      )
      return { down, impaired }
    }
    let answer = read()
    while (this.#hasChanged) answer = read()
    return answer
  }

  /** Least fixed point: everything starts false; a round asks each question once and may only turn more of it true. */
  #ask(question: string, rule: () => boolean): boolean {
    if (this.#true.has(question)) return true
    if (this.#asked.has(question)) return false
    this.#asked.add(question)
    if (!rule()) return false
    this.#true.add(question)
    this.#hasChanged = true
    return true
  }

  #down(c: Component, f: Flow, limit: number): boolean {
    return this.#ask(`down ${c.id} ${f.id} ${limit}`, () => {
      if (limit >= this.#longestMs) return false
      const crashed = (i: number) => this.#crashed(c, i, f, limit)
      const instances = Array.from({ length: c.instances }, (_, i) => i)
      const left = instances.filter((i) => !crashed(i)).length
      if (left < c.needs) return true
      for (const cause of ['deployment', 'common-cause', 'failover'] as const)
        if (this.#has(c, 'crash', undefined, cause, limit)) return true
      const quorum = c.failover?.quorum
      if (quorum !== undefined && c.instances > 1 && crashed(0) && this.#fails(this.#get(quorum), f, limit)) return true
      return c.dependencies.some((d) => this.#applies(d, f) && this.#takesDown(d, f, limit))
    })
  }

  #hung(c: Component, f: Flow, limit: number, isShielded: boolean): boolean {
    const shielded = isShielded || c.health.ready !== undefined
    return this.#ask(`hung ${c.id} ${f.id} ${limit} ${shielded}`, () => {
      if (limit >= this.#longestMs) return false
      const hung = Array.from({ length: c.instances }, (_, i) => this.#has(c, 'hang', i, undefined, limit))
      const up = hung.filter((isHung) => !isHung).length
      const left = hung.filter((isHung, i) => !isHung && !this.#crashed(c, i, f, limit)).length
      const hasPrimary = c.failover !== undefined && c.instances > 1
      if (hasPrimary && this.#has(c, 'hang', undefined, 'failover', limit)) return true
      if (up < c.instances && (hasPrimary || shielded ? left < c.needs : true)) return true
      return c.dependencies.some((d) => d.alternatives.some((a) => this.#stalls(c, d, a, f, limit)))
    })
  }

  #stalls(c: Component, d: Dependency, a: Alternative, f: Flow, limit: number): boolean {
    if (d.strength === 'async') return false
    const target = this.#get(a.target)
    if (!this.#isIsolated(c, d, a))
      return this.#model.flows.some(
        (g) => this.#applies(d, g) && this.#reaches(g, c.id) && this.#hung(target, g, limit, false),
      )
    return this.#applies(d, f) && !this.#isBounded(c, d, a, f) && this.#hung(target, f, limit, true)
  }

  #takesDown(d: Dependency, f: Flow, limit: number): boolean {
    if (d.strength === 'soft') return false
    if (d.strength === 'async') return d.lastsMs !== undefined && this.#allFail(d, f, limit + d.lastsMs)
    if (!this.#allFail(d, f, limit)) return false
    return d.fallbacks.every(
      (fallback) =>
        fallback.needs.some((need) => this.#fails(this.#get(need), f, limit)) ||
        (fallback.lastsMs !== undefined && this.#allFail(d, f, limit + fallback.lastsMs)),
    )
  }

  #allFail(d: Dependency, f: Flow, limit: number): boolean {
    const caller = this.#get(d.caller)
    return d.alternatives.every((a) => {
      const target = this.#get(a.target)
      if (this.#down(target, f, limit)) return true
      return this.#isIsolated(caller, d, a) && this.#isBounded(caller, d, a, f) && this.#hung(target, f, limit, true)
    })
  }

  #degraded(c: Component, f: Flow): boolean {
    return this.#ask(`degraded ${c.id} ${f.id}`, () =>
      c.dependencies.some((d) => {
        if (!this.#applies(d, f)) return false
        if (d.isAnyOf)
          return d.alternatives.every(
            (a) => this.#allFail({ ...d, alternatives: [a] }, f, 0) || this.#degraded(this.#get(a.target), f),
          )
        const isCovered = d.strength === 'soft' || d.strength === 'async' || d.fallbacks.length > 0
        if (isCovered && this.#allFail(d, f, 0)) return true
        return d.strength !== 'async' && d.alternatives.some((a) => this.#degraded(this.#get(a.target), f))
      }),
    )
  }

  #fails(c: Component, f: Flow, limit: number): boolean {
    return this.#down(c, f, limit) || this.#hung(c, f, limit, true)
  }

  #crashed(c: Component, instance: number, f: Flow, limit: number): boolean {
    return this.#has(c, 'crash', instance, undefined, limit) || this.#hostDown(c, instance, f, limit)
  }

  #hostDown(c: Component, instance: number, f: Flow, limit: number): boolean {
    const host = c.runsOn[instance % c.runsOn.length]
    return host !== undefined && this.#down(this.#get(host), f, limit)
  }

  #has(c: Component, mode: string, instance: number | undefined, cause: string | undefined, limit: number): boolean {
    for (const event of this.#present)
      if (event.component === c && event.mode === mode && event.instance === instance && event.cause === cause)
        if (event.durationMs > limit) return true
    return false
  }

  #applies(d: Dependency, f: Flow): boolean {
    return d.flows === undefined || d.flows.includes(f.id)
  }

  #isIsolated(c: Component, d: Dependency, { guard }: Alternative): boolean {
    if (d.strength === 'async' || c.pool === 'private' || guard?.concurrentMax !== undefined) return true
    if (guard?.deadlineMs === undefined) return false
    if (guard.hasBreaker) return true
    if (typeof c.pool !== 'number' || d.ratePerSecond === undefined) return false
    return d.ratePerSecond * (this.#wait(guard) / 1000) < c.pool
  }

  #wait(guard: NonNullable<Alternative['guard']>): number {
    let total = 0
    for (let attempt = 0; attempt < guard.attempts; attempt++)
      total += (guard.deadlineMs ?? Number.POSITIVE_INFINITY) + (attempt > 0 ? guard.backoffMs * 2 ** (attempt - 1) : 0)
    return Math.min(total, guard.overallMs ?? Number.POSITIVE_INFINITY)
  }

  /** Walks every way from the entry to the caller, each with the tightest deadline on it. */
  #isBounded(c: Component, d: Dependency, { guard }: Alternative, f: Flow): boolean {
    if (d.strength === 'async') return true
    if (guard?.deadlineMs === undefined) return false
    const seen = new Set<string>()
    const tightestAt = (id: string, tightest: number): number => {
      if (id === c.id) return tightest
      if (seen.has(`${id} ${tightest}`)) return 1e15
      seen.add(`${id} ${tightest}`)
      const next = this.#get(id).dependencies.filter((other) => this.#applies(other, f))
      const ways = next.flatMap((other) =>
        other.alternatives.map((a) => {
          const own = Math.min(a.guard?.deadlineMs ?? 1e15, a.guard?.overallMs ?? 1e15)
          return tightestAt(a.target, other.strength === 'async' ? 1e15 : Math.min(tightest, own))
        }),
      )
      return Math.min(1e15, ...ways)
    }
    return this.#wait(guard) <= tightestAt(f.entry, 1e15)
  }

  #reaches(f: Flow, id: string): boolean {
    const reached = new Set([f.entry])
    for (const at of reached) {
      const c = this.#get(at)
      for (const host of c.runsOn) reached.add(host)
      if (c.failover?.quorum !== undefined) reached.add(c.failover.quorum)
      for (const d of c.dependencies) {
        if (!this.#applies(d, f)) continue
        for (const a of d.alternatives) reached.add(a.target)
        for (const fallback of d.fallbacks) for (const need of fallback.needs) reached.add(need)
      }
    }
    return reached.has(id)
  }

  #get(id: string): Component {
    const component = this.#components.get(id)
    if (!component) throw new Error(`no component ${id}`)
    return component
  }
}
