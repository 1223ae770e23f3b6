import { type ConfigProblem, GuardConfigError } from '../settings/guard-config-error.ts'
import { checkGuardSettings, type GuardRules } from '../settings/guard-settings.ts'

/**
 * Guards as a configuration file holds them, by name. The settings are those of `guard`, with the names of functions
 * in place of functions.
 */
export interface GuardsConfig {
  readonly guards: { readonly [name: string]: unknown }
}

/** The functions a configuration may name: fallbacks, judges, marks. */
export interface ConfigFunctions {
  // biome-ignore lint/suspicious/noExplicitAny: a fallback, a judge or a mark; checked where the guard is built.
  readonly [name: string]: (...args: any[]) => any
}

/** Checks a whole configuration. Throws one `GuardConfigError` with every mistake. */
export function readConfig(config: GuardsConfig, functions: ConfigFunctions): [string, GuardRules][] {
  const problems: ConfigProblem[] = []
  const { guards } = (config ?? {}) as Partial<GuardsConfig>
  if (typeof guards !== 'object' || guards === null || Array.isArray(guards)) {
    throw new GuardConfigError([
      { guard: '', setting: 'guards', allowed: 'an object of settings by the name of the guard', found: typeof guards },
    ])
  }
  const read = Object.entries(guards).map(([name, settings]): [string, GuardRules] => {
    const named = lookUp(name, settings, { functions, problems })
    const checked = checkGuardSettings(name, named)
    problems.push(...checked.problems)
    return [name, checked.rules]
  })
  const [first, ...rest] = problems
  if (first !== undefined) throw new GuardConfigError([first, ...rest])
  return read
}

interface LookUp {
  readonly functions: ConfigFunctions
  readonly problems: ConfigProblem[]
}

/** Replaces the names of functions by the functions. */
function lookUp(guard: string, settings: unknown, { functions, problems }: LookUp): unknown {
  if (!isObject(settings)) return settings
  const find = (setting: string) => (value: unknown) => {
    if (typeof value !== 'string') return value
    if (Object.hasOwn(functions, value)) return functions[value]
    const allowed = `the name of a function given to fromConfig (${Object.keys(functions).join(', ') || 'none was'})`
    problems.push({ guard, setting, allowed, found: JSON.stringify(value) })
    return undefined
  }
  const named = { ...settings }
  const { fallback, judge } = settings
  if (fallback !== undefined) {
    named.fallback = Array.isArray(fallback) ? fallback.map(find('fallback')) : find('fallback')(fallback)
  }
  if (isObject(judge)) {
    named.judge = { ...judge, error: find('judge.error')(judge.error), result: find('judge.result')(judge.result) }
  }
  return named
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
