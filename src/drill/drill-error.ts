/** A drill cannot start (`wrong-use`: nothing was touched) or cannot go on (`failed`). */
export class DrillError extends Error {
  override readonly name = 'DrillError'
  readonly code: 'wrong-use' | 'failed'
  readonly lines: readonly string[]

  constructor(code: 'wrong-use' | 'failed', ...lines: string[]) {
    super(lines.join('\n'))
    this.code = code
    this.lines = lines
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
