import type { Command } from 'commander'
import { assessWith, type Failing, failTogether } from '../assess/index.ts'
import { createPaint, writeWhatIf } from '../hub/index.ts'
import { changeComponents, type Dependency, type SystemModel } from '../model/index.ts'
import { formatProblem, type PlainObject, suggestion } from '../source/index.ts'
import { UsageError } from './exit.ts'
import { requireComponent } from './explain.ts'
import { entryOption, formatOption, isColour } from './options.ts'
import { readSystem } from './read-system.ts'

interface WhatIfOptions {
  readonly fail: string[]
  readonly guard: string[]
  readonly apply: string[]
  readonly entry: string[]
  readonly format: string
}

/** `linchpin what-if [paths…] --fail … --guard … --apply …`: before and after. */
export function addWhatIf(program: Command): void {
  const collect = (value: string, list: string[]) => [...list, value]
  program
    .command('what-if')
    .description('compare the platform before and after guards and mitigations, and see what a failure takes down')
    .argument('[paths...]', 'as for assess', [])
    .option('--fail <component>', 'let it crash, or hang with NAME:hang; several fail at once', collect, [])
    .option('--guard <guard>', 'such as "caller>target deadline=2s breaker bulkhead=20"', collect, [])
    .option('--apply <mitigation>', 'a mitigation of the model that is not in place yet', collect, [])
    .addOption(entryOption())
    .addOption(formatOption())
    .action((paths: string[], options: WhatIfOptions) => {
      const { model } = readSystem(paths, options.entry)
      const result = compare(model, options)
      const text =
        options.format === 'json'
          ? `${JSON.stringify(summarise(result))}\n`
          : writeWhatIf(result, createPaint(isColour()))
      process.stdout.write(text)
    })
}

function compare(model: SystemModel, options: WhatIfOptions) {
  if (options.fail.length + options.guard.length + options.apply.length === 0)
    throw new UsageError('Nothing to compare. Give --fail, --guard or --apply.')
  const failing = options.fail.map((text) => readFailing(model, text))
  for (const id of options.apply) requireMitigation(model, id)
  const changed = applyGuards(model, options.guard)
  const titles = new Map(model.mitigations.map(({ id, title }) => [id, title]))
  return {
    before: assessWith(model, []),
    after: assessWith(changed, options.apply),
    changes: [
      ...options.guard.map((guard) => `guard ${guard}`),
      ...options.apply.map((id) => `apply ${id}: ${titles.get(id)}`),
    ],
    failing,
    fallenBefore: failTogether(model, failing),
    fallenAfter: failTogether(changed, failing, options.apply),
  }
}

function readFailing(model: SystemModel, text: string): Failing {
  const [component = '', mode = 'crash'] = text.split(':')
  requireComponent(
    model.components.map(({ id }) => id),
    component,
  )
  if (mode !== 'crash' && mode !== 'hang')
    throw new UsageError(`--fail ${text}: "${mode}" is not a failure mode. Use ${component} or ${component}:hang.`)
  return { component, mode }
}

function requireMitigation(model: SystemModel, id: string): void {
  const known = model.mitigations.map((mitigation) => mitigation.id)
  if (known.includes(id)) return
  throw new UsageError(
    `The model has no mitigation "${id}".${suggestion(id, known)} It has ${known.join(', ') || 'none'}.`,
  )
}

/** `caller>target deadline=2s breaker bulkhead=20 attempts=2`, as a change of the model. */
function applyGuards(model: SystemModel, guards: readonly string[]): SystemModel {
  let changed = model
  for (const text of guards) {
    const [edge = '', ...policies] = text.trim().split(/\s+/)
    const [caller = '', target = ''] = edge.split('>')
    requireComponent(
      model.components.map(({ id }) => id),
      caller,
    )
    const dependencies = (model.components.find(({ id }) => id === caller)?.dependencies ?? []).filter(
      ({ name, alternatives }) => name === target || alternatives.some((item) => item.target === target),
    )
    if (dependencies.length === 0)
      throw new UsageError(
        `--guard ${text}: ${caller} has no dependency on "${target}". See linchpin explain ${caller}.`,
      )
    const guard = readPolicies(text, policies)
    const changes = dependencies.map((dependency) => [dependency.name, guardDependency(dependency, target, guard)])
    const result = changeComponents(changed, { [caller]: { 'depends-on': Object.fromEntries(changes) } })
    if (!result.model)
      throw new UsageError(...result.problems.map((problem) => `--guard ${text}: ${formatProblem(problem)}`))
    changed = result.model
  }
  return changed
}

/** Every call from the caller to the target gets the guard, whether alone or as one of several. */
function guardDependency({ name, alternatives, isAnyOf }: Dependency, target: string, guard: PlainObject): PlainObject {
  if (!isAnyOf) return { guard }
  const guarded = alternatives.filter((item) => name === target || item.target === target)
  return { 'any-of': Object.fromEntries(guarded.map((item) => [item.target, { guard }])) }
}

function readPolicies(text: string, policies: readonly string[]): PlainObject {
  const guard: PlainObject = {}
  for (const policy of policies) {
    const [name = '', value] = policy.split('=')
    if (name === 'breaker') guard.breaker = true
    else if (name === 'idempotent') guard.retry = { ...(guard.retry as object), idempotent: true }
    else if ((name === 'deadline' || name === 'overall') && value) guard[name] = value
    else if (name === 'bulkhead' && value) guard.bulkhead = Number(value)
    else if (name === 'attempts' && value) guard.retry = { ...(guard.retry as object), attempts: Number(value) }
    else
      throw new UsageError(
        `--guard ${text}: "${policy}" is not a policy. Use deadline=2s, overall=5s, breaker, bulkhead=20, attempts=2, idempotent.`,
      )
  }
  return guard
}

function summarise({ before, after, failing, fallenBefore, fallenAfter, changes }: ReturnType<typeof compare>): object {
  const flows = before.flows.map((was, i) => ({
    id: was.flow.id,
    minutesDownPerYear: { before: was.minutesDownPerYear, after: after.flows[i]?.minutesDownPerYear },
    spofs: {
      before: was.spofs.map((spof) => spof.component),
      after: after.flows[i]?.spofs.map((spof) => spof.component),
    },
  }))
  return { changes, failing, fallen: { before: fallenBefore, after: fallenAfter }, flows }
}
