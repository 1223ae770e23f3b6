import type * as z from 'zod'
import { mergeLocated, valueAt } from '../source/index.ts'
import { type SystemInput, systemSchema } from './schema.ts'
import type { SystemDocument } from './system-model.ts'

/** The document without the parts that broke the schema, so that the mistakes in the rest are reported with them. */
export function readTheRest(document: SystemDocument, error: z.ZodError): SystemInput | undefined {
  let rest: unknown = document
  let issues = error.issues
  for (let round = 0; round < 3; round++) {
    for (const issue of issues) rest = mergeLocated(rest, patchAway(issue, rest))
    const parsed = systemSchema.safeParse(rest)
    if (parsed.success) return parsed.data
    issues = parsed.error.issues
  }
  return undefined
}

/** Changes that take the value an issue complains about away; null removes a key. */
function patchAway(issue: z.core.$ZodIssue, root: unknown): unknown {
  const path = issue.path.map(String)
  const arrayAt = path.findIndex((_, depth) => Array.isArray(valueAt(root, path.slice(0, depth))))
  const steps = arrayAt < 0 ? path : path.slice(0, arrayAt)
  const isKind = steps.length === 3 && steps[0] === 'components' && steps[2] === 'kind'
  const isInParent = issue.code === 'unrecognized_keys' && arrayAt < 0
  const leaf = isInParent ? Object.fromEntries(issue.keys.map((key) => [key, null])) : isKind ? 'service' : null
  return steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), leaf)
}
