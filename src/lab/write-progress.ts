import type { ProgressEvent } from './supervise/requests.ts'
import { WORDS } from './write-status.ts'

/**
 * Shows parts as they change, one line each. On a terminal the lines are written over; elsewhere every part gets a
 * line when it has come to something, and none in between.
 */
export function createProgress(output: {
  isTTY?: boolean
  columns?: number
  write: (text: string) => unknown
}): (event: ProgressEvent) => void {
  const lines = new Map<string, string>()
  return ({ name, state, ports }) => {
    const reason = 'reason' in state ? `  ${state.reason}` : ''
    const whole = `${name.padEnd(24)} ${WORDS[state.kind].padEnd(10)} ${ports.join(' ')}${reason}`.trimEnd()
    const text = output.isTTY ? whole.slice(0, output.columns || 80) : whole
    if (lines.get(name) === text) return
    if (!output.isTTY) {
      lines.set(name, text)
      if (state.kind !== 'starting') output.write(`${text}\n`)
      return
    }
    const up = lines.size > 0 ? `\u001b[${lines.size}A` : ''
    lines.set(name, text)
    output.write(`${up}${[...lines.values()].map((line) => `\u001b[2K${line}\n`).join('')}`)
  }
}
