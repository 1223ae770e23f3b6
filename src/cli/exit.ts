/** What the process says when it ends: blueprint §9. */
export const EXIT = { fine: 0, findings: 1, wrongUse: 2, failed: 3 } as const

/** Ends a command with lines for the user; nothing has been written. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly lines: readonly string[]

  constructor(...lines: string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}
