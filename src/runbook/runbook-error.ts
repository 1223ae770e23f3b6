/** What keeps a runbook from being run: lines for the user. `wrong-use` is theirs to correct, `failed` the world's. */
export class RunbookError extends Error {
  override readonly name = 'RunbookError'
  readonly code: 'wrong-use' | 'failed'
  readonly lines: readonly string[]

  constructor(code: 'wrong-use' | 'failed', ...lines: string[]) {
    super(lines.join('\n'))
    this.code = code
    this.lines = lines
  }
}
