/** Where something stands in a text that a person wrote. Lines and columns count from 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A mistake in a user's file: a value, never an exception, so that all of them can be reported at once. */
export interface Problem {
  readonly where: Position
  /** What is wrong, then what to do about it. One line. */
  readonly message: string
}

/** One line: `system/mrg.yaml:14:9 what is wrong. What to do.` */
export function formatProblem(problem: Problem): string {
  return `${formatPosition(problem.where)} ${problem.message}`
}

export function formatPosition({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`
}

/** Problems in reading order: by file as given, then line, then column. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.where.file))]
  return [...problems].sort(
    (a, b) =>
      files.indexOf(a.where.file) - files.indexOf(b.where.file) ||
      a.where.line - b.where.line ||
      a.where.column - b.where.column,
  )
}
