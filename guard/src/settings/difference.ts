import { describeSettings } from './describe-settings.ts'
import type { GuardRules } from './guard-settings.ts'

/** The first setting in which two guards differ, such as `breaker.window`; undefined if they are the same. */
export function differingSetting(left: GuardRules, right: GuardRules): string | undefined {
  return firstDifference(describeSettings(left), describeSettings(right), '') ?? differingFunction(left, right)
}

/** Functions are the same only if they are the same object: two with the same name may do different things. */
function differingFunction(left: GuardRules, right: GuardRules): string | undefined {
  if (left.fallbacks.some((fallback, index) => fallback !== right.fallbacks[index])) return 'fallback'
  if (left.judgeError !== right.judgeError) return 'judge.error'
  if (left.judgeResult !== right.judgeResult) return 'judge.result'
  return left.cache?.mark === right.cache?.mark ? undefined : 'cache.mark'
}

function firstDifference(left: unknown, right: unknown, path: string): string | undefined {
  if (Object.is(left, right)) return undefined
  if (!isObject(left) || !isObject(right)) return path
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const inner = firstDifference(left[key], right[key], path === '' ? key : `${path}.${key}`)
    if (inner !== undefined) return inner
  }
  return undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
