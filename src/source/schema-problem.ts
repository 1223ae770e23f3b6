import type * as z from 'zod'
import { suggestion } from './did-you-mean.ts'
import { isPlainObject, type PathStep, positionOf } from './located.ts'
import type { Position, Problem } from './problem.ts'

type Issue = z.core.$ZodIssue

/** What a schema was asked to read. */
interface Checked {
  readonly value: unknown
  readonly file: string
  /** Every key of the format, for "did you mean"; asked for only once something is wrong. */
  readonly knownKeys: () => Iterable<string>
}

/** A schema's complaints about a value as problems with positions: what is wrong, then what to do. */
export function explainIssues(error: z.ZodError, checked: Checked): Problem[] {
  return error.issues.flatMap((issue) => explainIssue(issue, [], checked))
}

/** Every key that a JSON Schema mentions. */
export function collectKeys(jsonSchema: object): Set<string> {
  const keys = new Set<string>()
  const collect = (schema: unknown): void => {
    if (Array.isArray(schema)) for (const item of schema) collect(item)
    if (!isPlainObject(schema)) return
    if (isPlainObject(schema.properties)) for (const key of Object.keys(schema.properties)) keys.add(key)
    for (const item of Object.values(schema)) collect(item)
  }
  collect(jsonSchema)
  return keys
}

function explainIssue(issue: Issue, prefix: readonly PathStep[], checked: Checked): Problem[] {
  const { value, file } = checked
  const path = [...prefix, ...(issue.path as PathStep[])]
  const at = (steps: readonly PathStep[], message: string): Problem => ({ where: locate(value, steps, file), message })
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        at([...path, key], `"${key}" is not a key here.${suggestion(key, checked.knownKeys())} ${fixKey}`),
      )
    case 'invalid_union':
      return explainUnion(issue, path, checked)
    case 'invalid_value':
      return [at(path, explainChoice(path, value, issue.values))]
    case 'invalid_key':
      return [at(path, `"${String(path.at(-1))}" ${issue.issues[0]?.message ?? 'is not a name'}. Rename it.`)]
    case 'invalid_type':
      if (valueAt(value, path) === undefined)
        return [at(path, `"${String(path.at(-1))}" is missing${inside(path)}. Add it.`)]
      return [at(path, `"${nameOf(path)}" ${expectation(issue)}. Correct it.`)]
    default:
      return [at(path, `"${nameOf(path)}" ${issue.message}. Correct it.`)]
  }
}

/** The nearest key: an item of a list is named for its list. */
function nameOf(path: readonly PathStep[]): string {
  return String(path.findLast((step) => typeof step === 'string') ?? 'file')
}

const fixKey = 'Correct or remove it.'

/** The branch that came closest: one whose complaints lie inside the value, else all that the value could have been. */
function explainUnion(issue: Issue & { code: 'invalid_union' }, path: PathStep[], checked: Checked): Problem[] {
  const inner = issue.errors.find((errors) => errors.every((e) => e.path.length > 0 || e.code === 'unrecognized_keys'))
  if (inner && inner.length > 0) return inner.flatMap((nested) => explainIssue(nested, path, checked))
  const wanted = issue.errors.flatMap((errors) => errors.map(expectation))
  const message = `"${nameOf(path)}" ${[...new Set(wanted)].join(', or ')}. Correct it.`
  return [{ where: locate(checked.value, path, checked.file), message }]
}

function expectation(issue: Issue): string {
  if (!issue.message.startsWith('Invalid input')) return issue.message
  if (issue.code === 'invalid_type')
    return `must be ${article(issue.expected === 'record' || issue.expected === 'object' ? 'block of keys' : issue.expected)}`
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((choice) => `"${String(choice)}"`).join(' or ')}`
  return issue.message.replace('Invalid input: ', '')
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`
}

function explainChoice(path: PathStep[], value: unknown, choices: readonly unknown[]): string {
  const given = valueAt(value, path)
  const names = choices.map(String)
  if (given === undefined) return `"${String(path.at(-1))}" is missing${inside(path)}. Add one of ${names.join(', ')}.`
  return `"${String(given)}" is not a ${String(path.at(-1))}.${suggestion(String(given), names)} Use one of ${names.join(', ')}.`
}

function inside(path: PathStep[]): string {
  return path.length > 1 ? ` in "${String(path.at(-2))}"` : ''
}

export function locate(value: unknown, path: readonly PathStep[], file: string): Position {
  return positionOf(value, path) ?? { file, line: 1, column: 1 }
}

export function valueAt(value: unknown, path: readonly PathStep[]): unknown {
  let current = value
  for (const step of path) {
    if (Array.isArray(current)) current = current[Number(step)]
    else if (isPlainObject(current)) current = current[step]
    else return undefined
  }
  return current
}
