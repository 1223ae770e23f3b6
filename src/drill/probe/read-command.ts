import { runCommand } from '../run-command.ts'
import { readField } from './field.ts'

interface CommandContext {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly field: string
  readonly withinMs: number
}

/** A field of the JSON that a command prints last. Status 1 is an answer too: an audit that found something says so. */
export async function readCommand(command: readonly string[], context: CommandContext): Promise<number | string> {
  const { status, output, isLate } = await runCommand(command, context)
  if (isLate) throw new Error(`${command.join(' ')} took longer than ${context.withinMs} ms`)
  if (status !== 0 && status !== 1) throw new Error(`${command.join(' ')} ended with status ${status}`)
  const last = output.trim().split('\n').at(-1) ?? ''
  return readField(last.startsWith('{') || last.startsWith('[') ? last : output, context.field)
}
