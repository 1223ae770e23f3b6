import type { Prompt } from './runbook.ts'

/** Why an answer is none; undefined when it is one. */
export function refuseAnswer({ pattern, oneOf, name }: Prompt, answer: string): string | undefined {
  if (/[\0\r\n]/.test(answer)) return `${name} has to be one line.`
  if (answer === '') return `${name} has to be something.`
  if (oneOf.length > 0 && !oneOf.includes(answer)) return `${name} is one of ${oneOf.join(', ')}.`
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(answer)) return `${name} has to match ${pattern}.`
  return undefined
}
