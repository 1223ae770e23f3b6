import { isPlainObject } from '../../source/index.ts'

/** A step into JSON: a key, an index from 0, from the end if negative, or all of them. */
export type JsonStep = string | number | typeof EACH
const EACH = '*'

const STEP = /\.([A-Za-z_][\w-]*)|\[(-?\d+)\]|\[(\*)\]|\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]/y
const STEPS_MAX = 50

/**
 * The part of JSONPath (RFC 9535) that runbooks know: `$`, `.name`, `["name"]`, `[0]`, `[-1]`, `[*]`. Undefined when
 * the text is something else: no filters, slices or descendants.
 */
export function parseJsonPath(text: string): JsonStep[] | undefined {
  if (!text.startsWith('$')) return undefined
  const steps: JsonStep[] = []
  STEP.lastIndex = 1
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text)
    if (!match || steps.length >= STEPS_MAX) return undefined
    const [, name, index, each, double, single] = match
    if (index !== undefined) steps.push(Number(index))
    else if (each !== undefined) steps.push(EACH)
    else steps.push(name ?? (double ?? single ?? '').replaceAll(/\\(.)/g, '$1'))
  }
  return steps
}

/** Every value that the path leads to; none when it leads nowhere. */
export function selectJson(value: unknown, steps: readonly JsonStep[]): unknown[] {
  return steps.reduce<unknown[]>((values, step) => values.flatMap((one) => stepInto(one, step)), [value])
}

function stepInto(value: unknown, step: JsonStep): unknown[] {
  if (Array.isArray(value)) {
    if (step === EACH) return value
    if (typeof step !== 'number') return []
    const index = step < 0 ? value.length + step : step
    return index in value ? [value[index]] : []
  }
  if (!isPlainObject(value)) return []
  if (step === EACH) return Object.values(value)
  return typeof step === 'string' && Object.hasOwn(value, step) ? [value[step]] : []
}
