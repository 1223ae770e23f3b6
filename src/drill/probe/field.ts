import { isPlainObject } from '../../source/index.ts'

/** The value at `orders.missing` of an answer. Throws when it is not there, or no number or text. */
export function readField(text: string, field: string): number | string {
  let value: unknown = JSON.parse(text)
  for (const step of field.split('.')) {
    if (Array.isArray(value)) value = value[Number(step)]
    else value = isPlainObject(value) ? value[step] : undefined
  }
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'number' && typeof value !== 'string') throw new Error(`the answer has no field ${field}`)
  return value
}
