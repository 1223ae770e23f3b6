import {
  collectKeys,
  explainIssues,
  lazy,
  locate,
  type PathStep,
  type Problem,
  parseDuration,
  suggestion,
} from '../source/index.ts'
import { buildFailures, buildGuard, changesItself, parseShare, targetsOfChange } from './build-parts.ts'
import { readTheRest } from './read-the-rest.ts'
import { type ComponentInput, type DependencyInput, type SystemInput, systemSchema, writeJsonSchema } from './schema.ts'
import type {
  Alternative,
  Component,
  Dependency,
  Flow,
  Metric,
  Mitigation,
  SystemDocument,
  SystemModel,
  Target,
} from './system-model.ts'

const knownKeys = lazy(() => collectKeys(writeJsonSchema()))

/** Checks a merged document against the schema and resolves every name. `model` is undefined when problems were found. */
export function buildModel(
  document: SystemDocument,
  file: string,
): { model: SystemModel | undefined; problems: Problem[] } {
  const parsed = systemSchema.safeParse(document)
  const problems = parsed.success ? [] : explainIssues(parsed.error, { value: document, file, knownKeys })
  const input = parsed.success ? parsed.data : readTheRest(document, parsed.error)
  if (!input) return { model: undefined, problems }
  const builder = new ModelBuilder(input, document, file)
  const model = builder.build()
  problems.push(...builder.problems)
  return { model: problems.length > 0 ? undefined : model, problems }
}

/** Turns checked input into the model; keeps the problems found on the way. */
class ModelBuilder {
  readonly problems: Problem[] = []
  readonly #input: SystemInput
  readonly #document: SystemDocument
  readonly #file: string
  readonly #components: ReadonlySet<string>
  readonly #flows: ReadonlySet<string>

  constructor(input: SystemInput, document: SystemDocument, file: string) {
    this.#input = input
    this.#document = document
    this.#file = file
    this.#components = new Set(Object.keys(input.components ?? {}))
    this.#flows = new Set(Object.keys(input.flows ?? {}))
  }

  build(): SystemModel {
    const input = this.#input
    const id = input.system ?? 'system'
    const flows = Object.entries(input.flows ?? {}).map(([name, flow]) => this.#buildFlow(name, flow))
    this.#checkShares(flows)
    return {
      id,
      title: input.title ?? id,
      flows,
      components: Object.entries(input.components ?? {}).map(([name, item]) => this.#buildComponent(name, item)),
      mitigations: Object.entries(input.mitigations ?? {}).map(([name, item]) => this.#buildMitigation(name, item)),
      targets: Object.entries(input.targets ?? {}).flatMap(([name, item]) => this.#buildTarget(name, item) ?? []),
      waivers: input.waivers ?? [],
      document: this.#document,
    }
  }

  #buildFlow(id: string, input: NonNullable<SystemInput['flows']>[string]): Flow {
    this.#resolveComponent(input.entry, ['flows', id, 'entry'])
    const flowCount = Object.keys(this.#input.flows ?? {}).length
    return {
      id,
      title: input.title ?? id,
      share: input.share ?? 1 / flowCount,
      entry: input.entry,
      objective: {
        rtoMs: input.objective?.rto,
        rpoMs: input.objective?.rpo,
        availability: input.objective?.availability,
      },
      where: this.#at(['flows', id]),
    }
  }

  /** Shares are stated for all flows and sum to 1, or for none: then the flows count alike. */
  #checkShares(flows: readonly Flow[]): void {
    const stated = Object.entries(this.#input.flows ?? {}).filter(([, flow]) => flow.share !== undefined)
    if (stated.length === 0) return
    const missing = Object.entries(this.#input.flows ?? {}).find(([, flow]) => flow.share === undefined)
    if (missing) {
      this.#report(['flows', missing[0]], `"${missing[0]}" has no share, but other flows do. Add its share.`)
      return
    }
    const sum = flows.reduce((total, flow) => total + flow.share, 0)
    if (Math.abs(sum - 1) > 0.0005)
      this.#report(['flows'], `The shares of the flows sum to ${Number(sum.toFixed(4))}, not 1. Correct them.`)
  }

  #buildComponent(id: string, input: ComponentInput): Component {
    const path = ['components', id]
    const instances = input.instances ?? 1
    const needs = input.needs ?? 1
    if (needs > instances)
      this.#report(
        [...path, 'needs'],
        `"${id}" needs ${needs} of ${instances} instances. Lower needs or add instances.`,
      )
    for (const host of input['runs-on'] ?? []) {
      this.#resolveComponent(host, [...path, 'runs-on'])
      if (host === id) this.#report([...path, 'runs-on'], `"${id}" runs on itself. Name its host or zone.`)
    }
    const failover = input.failover
    if (failover?.quorum !== undefined) this.#resolveComponent(failover.quorum, [...path, 'failover', 'quorum'])
    return {
      id,
      title: input.title ?? id,
      kind: input.kind,
      tier: input.tier,
      instances,
      needs,
      runsOn: input['runs-on'] ?? [],
      rollout: input.rollout,
      pool: input.pool,
      objective: { rtoMs: input.objective?.rto, rpoMs: input.objective?.rpo },
      health: { live: input.health?.live, ready: input.health?.ready },
      runbook: input.runbook,
      failover: failover && {
        mode: failover.mode,
        takesMs: failover.takes,
        losesMs: failover.loses,
        quorum: failover.quorum,
      },
      failures: buildFailures(input),
      dependencies: Object.entries(input['depends-on'] ?? {}).map(([name, item]) =>
        this.#buildDependency(id, name, item ?? {}),
      ),
      where: this.#at(path),
    }
  }

  #buildDependency(caller: string, name: string, input: DependencyInput): Dependency {
    const path = ['components', caller, 'depends-on', name]
    const group = input['any-of']
    if (group && input.guard)
      this.#report([...path, 'guard'], `"${name}" is a group: give each of its alternatives its own guard.`)
    const alternatives: Alternative[] = group
      ? Object.entries(group).map(([target, item]) => ({ target, guard: buildGuard(item?.guard) }))
      : [{ target: name, guard: buildGuard(input.guard) }]
    if (alternatives.length === 0) this.#report([...path, 'any-of'], `"${name}" has no alternatives. Name one or more.`)
    for (const { target } of alternatives)
      this.#resolveTarget(caller, target, group ? [...path, 'any-of', target] : path)
    for (const flow of input.for ?? []) this.#resolveFlow(flow, [...path, 'for'])
    const fallbacks = input.fallback === undefined ? [] : [input.fallback].flat()
    for (const fallback of fallbacks)
      for (const need of fallback.needs ?? []) this.#resolveComponent(need, [...path, 'fallback'])
    if (input.lasts !== undefined && input.strength !== 'async')
      this.#report([...path, 'lasts'], '"lasts" belongs to an async dependency or to a fallback. Move or remove it.')
    return {
      id: `${caller}>${name}`,
      caller,
      name,
      strength: input.strength ?? 'unknown',
      alternatives,
      isAnyOf: group !== undefined,
      flows: input.for,
      ratePerSecond: input.rate,
      fallbacks: fallbacks.map((item) => ({ name: item.name, needs: item.needs ?? [], lastsMs: item.lasts })),
      lastsMs: input.lasts,
      evidence: input.evidence ?? [],
      where: this.#at(path),
    }
  }

  #buildMitigation(id: string, input: NonNullable<SystemInput['mitigations']>[string]): Mitigation {
    for (const [name, change] of Object.entries(input.changes))
      if (!this.#components.has(name) && change.kind === undefined) {
        const hint = suggestion(name, this.#components)
        const message = `"${name}" is not a component.${hint} Fix the name, or give its kind to add it.`
        this.#report(['mitigations', id, 'changes', name], message)
      }
    return {
      id,
      title: input.title,
      priority: input.priority,
      sprint: input.sprint,
      effortMs: input.effort,
      state: input.state,
      claims: input.claims,
      touches: Object.keys(input.changes).filter((name) => changesItself(input.changes[name])),
      dependencyTargets: Object.values(input.changes).flatMap(targetsOfChange),
      where: this.#at(['mitigations', id]),
    }
  }

  #buildTarget(id: string, input: NonNullable<SystemInput['targets']>[string]): Target | undefined {
    const path = ['targets', id]
    const metric = this.#readMetric(input.metric, [...path, 'metric'])
    if (!metric) return undefined
    const isTime = metric.kind === 'rto' || metric.kind === 'rpo'
    const target = isTime ? parseDuration(String(input.target)) : parseShare(input.target)
    if (target === undefined) {
      const wanted = isTime ? 'a duration such as "5m"' : 'a share such as 0.8 or "80%"'
      this.#report([...path, 'target'], `"${input.target}" is not ${wanted}. Correct it.`)
      return undefined
    }
    return { id, title: input.title ?? id, metric, was: input.was, target, due: input.due, where: this.#at(path) }
  }

  #readMetric(text: string, path: PathStep[]): Metric | undefined {
    if (text === 'coverage.breaker') return { kind: 'breaker-coverage' }
    if (text === 'coverage.fallback') return { kind: 'fallback-coverage' }
    const match = /^recovery\.(rto|rpo)\(([^)]+)\)$/.exec(text)
    if (!match?.[2]) {
      const known = 'recovery.rto(NAME), recovery.rpo(NAME), coverage.breaker, coverage.fallback'
      this.#report(path, `"${text}" is not a metric. Use one of ${known}.`)
      return undefined
    }
    this.#resolveComponent(match[2], path)
    return { kind: match[1] as 'rto' | 'rpo', component: match[2] }
  }

  #resolveTarget(caller: string, target: string, path: PathStep[]): void {
    if (target === caller) this.#report(path, `"${caller}" depends on itself. Remove the dependency.`)
    else if (!this.#components.has(target)) {
      const hint = suggestion(target, this.#components)
      const message = `dependency "${target}" is not a component.${hint} Fix the name or declare it under components.`
      this.#report(path, message)
    }
  }

  #resolveComponent(name: string, path: PathStep[]): void {
    if (this.#components.has(name)) return
    const hint = suggestion(name, this.#components)
    this.#report(path, `"${name}" is not a component.${hint} Fix the name or declare it under components.`)
  }

  #resolveFlow(name: string, path: PathStep[]): void {
    if (this.#flows.has(name)) return
    this.#report(
      path,
      `"${name}" is not a flow.${suggestion(name, this.#flows)} Fix the name or declare it under flows.`,
    )
  }

  #report(path: PathStep[], message: string): void {
    this.problems.push({ where: this.#at(path), message })
  }

  #at(path: PathStep[]) {
    return locate(this.#document, path, this.#file)
  }
}
