import { GuardError } from '../guard-error.ts'

/** One mistake in the settings of a guard. */
export interface ConfigProblem {
  /** The name of the guard as it was given. */
  readonly guard: string
  /** The path of the setting, such as `breaker.window`; empty when the guard as a whole is meant. */
  readonly setting: string
  /** What would have been right, such as `a duration from 1ms to 1h`. */
  readonly allowed: string
  /** What was found, as text. */
  readonly found: string
}

/** The settings are wrong. Raised at construction, with every mistake found, before any call is made. */
export class GuardConfigError extends GuardError {
  override readonly name = 'GuardConfigError'
  override readonly code = 'GUARD_CONFIG'
  readonly problems: readonly ConfigProblem[]
  /** Of the first mistake. */
  readonly setting: string
  /** Of the first mistake. */
  readonly allowed: string

  constructor(problems: readonly [ConfigProblem, ...ConfigProblem[]]) {
    super(problems[0].guard, problems.map(sentence).join('\n'))
    this.problems = problems
    this.setting = problems[0].setting
    this.allowed = problems[0].allowed
  }
}

function sentence(problem: ConfigProblem): string {
  const where = problem.setting === '' ? '' : ` ${problem.setting}`
  return `guard "${problem.guard}"${where}: must be ${problem.allowed}; found ${problem.found}`
}
