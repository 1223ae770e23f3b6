import { formatProblem, type Problem } from '../source/index.ts'

/** A lab command cannot go on: the file or the wish is wrong (`wrong-use`, nothing was touched), or the run failed. */
export class LabError extends Error {
  override readonly name = 'LabError'
  readonly code: 'wrong-use' | 'failed'
  readonly lines: readonly string[]

  constructor(code: 'wrong-use' | 'failed', ...lines: string[]) {
    super(lines.join('\n'))
    this.code = code
    this.lines = lines
  }
}

/** Every problem of a lab file, as one error. */
export function wrongLab(problems: readonly Problem[]): LabError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new LabError('wrong-use', ...problems.map(formatProblem), `${count}; nothing was started.`)
}
