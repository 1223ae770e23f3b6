import { dirname, resolve } from 'node:path'
import { fillIn, type LabFile, type LabPlan, mapTexts } from '../../lab/index.ts'
import type { Runbook } from '../../runbook/index.ts'
import { isPlainObject, locate, type PathStep, type Problem, sortProblems, suggestion } from '../../source/index.ts'
import { findFault } from '../fault/list.ts'
import type { DrillPlan, PlannedRunbook, PlannedStep, WrittenDrill } from './plan.ts'
import type { DrillInput, StepInput } from './schema.ts'

/** How much longer than its hold time a fault may live: to apply it may take a while, such as a restart. */
const LIVE_MARGIN_MS = 60_000
const BEFORE_MS = 3_000
const AFTER_MS = 5_000
const STEADY_WITHIN_MS = 60_000

export interface PlanOptions {
  readonly labFile: LabFile
  readonly lab: LabPlan
  readonly env: Readonly<Record<string, string | undefined>>
  /** The page that the recovery names, and the SHA-256 of its text. */
  readonly page?: { readonly runbook: Runbook; readonly digest: string } | undefined
  /** Instead of what the file says. */
  readonly trials?: number | undefined
}

export interface PlannedDrill {
  /** Undefined when there are problems. */
  readonly plan: DrillPlan | undefined
  readonly problems: readonly Problem[]
}

/** Checks a drill against the lab that it is to break, and works out what exactly would be hit. */
export function planDrill(drill: WrittenDrill, options: PlanOptions): PlannedDrill {
  const problems: Problem[] = []
  const complain = (path: readonly PathStep[], message: string) =>
    problems.push({ where: locate(drill.value, path, drill.file), message })
  const input = fillVariables(drill, options, complain)
  checkParts(input, options.lab, complain)
  const lacks = new Set<string>()
  const steps = input.method.flatMap((step, i) =>
    planStep(step, {
      input,
      lab: options.lab,
      lacks,
      complain: (path, text) => complain(['method', i, ...path], text),
    }),
  )
  if (problems.length > 0) return { plan: undefined, problems: sortProblems(problems) }
  const { timing = {} } = input
  return {
    problems: [],
    plan: {
      input,
      file: drill.file,
      folder: resolve(dirname(drill.file)),
      lab: options.lab,
      labFile: options.labFile,
      steps,
      claims: input.proves ?? [],
      runbook: planRunbook(input, options),
      trials: options.trials ?? input.trials ?? 1,
      timing: {
        beforeMs: timing.before ?? BEFORE_MS,
        afterMs: timing.after ?? AFTER_MS,
        steadyWithinMs: timing['steady-within'] ?? STEADY_WITHIN_MS,
      },
      lacks: [...lacks],
    },
  }
}

/** The log that a probe reads is that of a part. */
function checkParts(input: DrillInput, lab: LabPlan, complain: Complain): void {
  const names = [...new Set(lab.instances.flatMap(({ part, name }) => [part, name]))]
  for (const [name, { part }] of Object.entries(input.probes ?? {}))
    if (part !== undefined && !names.includes(part))
      complain(['probes', name, 'part'], `"${part}" is not a part of the lab.${suggestion(part, names)} Correct it.`)
}

function planRunbook({ recovery }: DrillInput, { page }: PlanOptions): PlannedRunbook | undefined {
  if (!recovery || !page) return undefined
  const { on: environment = 'lab', approve: approved = [], answers = {} } = recovery
  return { page: page.runbook, digest: page.digest, environment, approved, answers }
}

type Complain = (path: readonly PathStep[], message: string) => void

/** Every text with its variables: those of the lab, `${port.shop.2}` of an instance, `${link.shop>stock}`, `${env.X}`. */
function fillVariables(
  { input, value, file }: WrittenDrill,
  { lab, env }: PlanOptions,
  complain: Complain,
): DrillInput {
  const names = new Map(Object.entries(lab.names))
  for (const { name, ports } of lab.instances) if (ports[0] !== undefined) names.set(`port.${name}`, String(ports[0]))
  for (const { name, port } of lab.links) names.set(`link.${name}`, String(port))
  for (const [name, text] of Object.entries(env)) if (text !== undefined) names.set(`env.${name}`, text)
  names.set('drill', resolve(dirname(file)))
  // New in every request of a load; a parameter was filled in before.
  for (const name of ['uuid', 'n', ...Object.keys(input.parameters ?? {}).map((key) => `parameter.${key}`)])
    names.set(name, `\${${name}}`)
  const visit = (part: unknown, path: readonly PathStep[]): void => {
    if (typeof part === 'string' && part.includes('${')) {
      const filled = fillIn(part, names)
      if ('mistake' in filled) complain(path, filled.mistake)
    }
    if (Array.isArray(part)) for (const [i, item] of part.entries()) visit(item, [...path, i])
    if (isPlainObject(part)) for (const [key, item] of Object.entries(part)) visit(item, [...path, key])
  }
  visit(value, [])
  return mapTexts(input, (text) => {
    const filled = fillIn(text, names)
    return 'text' in filled ? filled.text : text
  }) as DrillInput
}

interface StepContext {
  readonly input: DrillInput
  readonly lab: LabPlan
  readonly lacks: Set<string>
  readonly complain: Complain
}

function planStep(step: StepInput, { input, lab, lacks, complain }: StepContext): PlannedStep[] {
  const wanted = [step.target].flat()
  const hit = wanted.flatMap((target, i) => {
    const path = Array.isArray(step.target) ? ['target', i] : ['target']
    const wish = { fault: step.fault, target, settings: step.settings ?? {} }
    const kind = findFault(wish, lab)
    const choice = 'mistake' in kind ? kind : kind.choose(wish, lab)
    if ('mistake' in choice) {
      complain(choice.mistake.includes('fault "') ? ['fault'] : path, choice.mistake)
      return []
    }
    if (kind === undefined || 'mistake' in kind) return []
    if (kind.name === 'declared' && !step.landed)
      complain(
        ['fault'],
        `${target} carries out "${step.fault}" itself. Say how to see that it landed: add the key landed.`,
      )
    const lack = kind.lacks()
    if (lack !== undefined) lacks.add(`${step.fault} of ${target}: ${lack}`)
    checkReach(choice.targets, { input, lab, complain: (text) => complain(path, text) })
    for (const figure of Object.keys(step.where ?? {})) {
      const mistake = explainFigure(figure, choice.targets, lab)
      if (mistake !== undefined) complain(['where', figure], mistake)
    }
    return [{ targets: choice.targets, settings: choice.settings, kind: kind.name }]
  })
  return hit.map(({ targets, settings, kind }) => ({
    fault: step.fault,
    kind,
    targets,
    where: step.where,
    settings,
    atMs: step.at ?? 0,
    forMs: step.for,
    liveMs: step.live ?? step.for + LIVE_MARGIN_MS,
    landed: step.landed,
    isStage: step.stage === true,
  }))
}

interface Reach {
  readonly input: DrillInput
  readonly lab: LabPlan
  readonly complain: (message: string) => void
}

/** A drill that would hit more than it declares is refused. */
function checkReach(targets: readonly string[], { input, lab, complain }: Reach): void {
  const allowed = input.limits.targets.join(', ')
  for (const name of targets)
    if (!isAllowed(name, input, lab))
      complain(`${name} would be hit, and limits allow only ${allowed}. Narrow the target or widen limits.`)
}

function explainFigure(figure: string, targets: readonly string[], lab: LabPlan): string | undefined {
  const names = lab.instances
    .filter(({ name }) => targets.includes(name))
    .map(({ figures }) => figures.map((f) => f.name))
  if (names.length > 0 && names.every((known) => known.includes(figure))) return undefined
  const known = names.flat()
  return `${targets.join(', ')} has no figure "${figure}".${suggestion(figure, known)} Declare it under figures in the lab.`
}

/** A part stands for its instances; a link is allowed by its own name only. */
function isAllowed(target: string, { limits }: DrillInput, lab: LabPlan): boolean {
  const part = lab.instances.find(({ name }) => name === target)?.part
  return limits.targets.some((allowed) => allowed === target || allowed === part)
}
