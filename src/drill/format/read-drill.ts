import { mapTexts } from '../../lab/index.ts'
import {
  collectKeys,
  explainIssues,
  isPlainObject,
  lazy,
  locate,
  type PathStep,
  type PlainObject,
  type Problem,
  readYaml,
  type SourceText,
  sortProblems,
  suggestion,
} from '../../source/index.ts'
import type { WrittenDrill } from './plan.ts'
import { type DrillInput, drillSchema, writeDrillSchema } from './schema.ts'

export interface ReadDrill {
  /** Undefined when there are problems. */
  readonly drill: WrittenDrill | undefined
  readonly problems: readonly Problem[]
}

/**
 * Reads a drill file, its parameters filled in, or says everything that is wrong with it. Pure: whether the lab has
 * what it names is `planDrill`'s question.
 */
export function readDrill(source: SourceText, changed: Readonly<Record<string, string>> = {}): ReadDrill {
  const { values, problems } = readYaml(source)
  const [value] = values
  const refuse = (found: readonly Problem[]) => ({ drill: undefined, problems: sortProblems(found) })
  if (problems.length > 0) return refuse(problems)
  if (!isPlainObject(value) || values.length > 1)
    return refuse([{ where: locate(value, [], source.file), message: NO_DRILL }])
  const parameters = readParameters(value, changed)
  const wrong = checkParameters(value, { file: source.file, parameters, changed })
  if (wrong.length > 0) return refuse(wrong)
  const filled = mapTexts(value, (text) => text.replace(PARAMETER, (whole, name: string) => parameters[name] ?? whole))
  const parsed = drillSchema.safeParse(filled)
  if (!parsed.success) return refuse(explainIssues(parsed.error, { value, file: source.file, knownKeys }))
  const drill = { input: parsed.data, value, file: source.file, parameters }
  const found = checkNames(drill)
  return found.length > 0 ? refuse(found) : { drill, problems: [] }
}

const NO_DRILL =
  'This is not a drill: it must be one block of keys with "drill", "lab", "method" and "expect". See docs/guide/drills.md.'
const PARAMETER = /\$\{parameter\.([^}]*)\}/g
const knownKeys = lazy(() => collectKeys(writeDrillSchema()))

function readParameters(value: PlainObject, changed: Readonly<Record<string, string>>): Record<string, string> {
  const declared = isPlainObject(value.parameters) ? value.parameters : {}
  return { ...Object.fromEntries(Object.entries(declared).map(([name, text]) => [name, String(text)])), ...changed }
}

/** Each that is used or changed must be declared. */
function checkParameters(
  value: PlainObject,
  { file, parameters, changed }: { file: string; parameters: object; changed: object },
): Problem[] {
  const declared = isPlainObject(value.parameters) ? Object.keys(value.parameters) : []
  const problems: Problem[] = Object.keys(changed)
    .filter((name) => !declared.includes(name))
    .map((name) => ({
      where: locate(value, ['parameters'], file),
      message: `The drill has no parameter "${name}".${suggestion(name, declared)} Declare it under parameters, or leave it out.`,
    }))
  const visit = (part: unknown, path: readonly PathStep[]): void => {
    if (typeof part === 'string')
      for (const [whole, name = ''] of part.matchAll(PARAMETER))
        if (!(name in parameters))
          problems.push({
            where: locate(value, path, file),
            message: `"${whole}" is not declared.${suggestion(name, declared)} Declare it under parameters.`,
          })
    if (Array.isArray(part)) for (const [i, item] of part.entries()) visit(item, [...path, i])
    if (isPlainObject(part)) for (const [key, item] of Object.entries(part)) visit(item, [...path, key])
  }
  visit(value, [])
  return problems
}

/** Loads and probes that something refers to must be there, and times must fit each other. */
function checkNames({ input, value, file }: WrittenDrill): Problem[] {
  const problems: Problem[] = []
  const complain = (path: readonly PathStep[], message: string) =>
    problems.push({ where: locate(value, path, file), message })
  const known = { load: Object.keys(input.load ?? {}), probe: Object.keys(input.probes ?? {}) }
  const check = (kind: 'load' | 'probe', name: string | undefined, path: readonly PathStep[]) => {
    if (name === undefined || known[kind].includes(name)) return
    complain(path, `"${name}" is not a ${kind} of this drill.${suggestion(name, known[kind])} Correct or declare it.`)
  }
  for (const [i, probe] of (input.milestones ?? []).entries()) check('probe', probe, ['milestones', i])
  if (input.bound) check('probe', input.bound.probe, ['bound', 'probe'])
  for (const [i, { probe }] of (input.steady ?? []).entries()) check('probe', probe, ['steady', i, 'probe'])
  if (input.method.every(({ stage }) => stage))
    complain(['method'], 'Every fault only sets the stage. Add the one that is to be shown, without "stage".')
  for (const [i, step] of input.method.entries()) {
    check('probe', step.landed?.probe, ['method', i, 'landed', 'probe'])
    if (step.live !== undefined && step.live <= step.for)
      complain(['method', i, 'live'], '"live" is not longer than "for": the watchdog would end it first. Lengthen it.')
  }
  for (const key of ['expect', 'abort'] as const)
    for (const [i, item] of (input[key] ?? []).entries())
      for (const kind of ['load', 'probe'] as const) check(kind, item[kind], [key, i, kind])
  checkClaims(input, complain)
  return problems
}

function checkClaims(
  { proves = [], expect }: DrillInput,
  complain: (path: readonly PathStep[], message: string) => void,
) {
  for (const [i, { claims = [] }] of expect.entries())
    for (const [j, claim] of claims.entries())
      if (!proves.includes(claim))
        complain(
          ['expect', i, 'claims', j],
          `"${claim}" is not among what the drill proves.${suggestion(claim, proves)} Add it to proves, or correct it.`,
        )
}
