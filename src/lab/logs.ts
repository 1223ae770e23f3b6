import { existsSync, statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { explainTarget } from './fault/choose-targets.ts'
import { LabError } from './lab-error.ts'
import { type LabFile, openLab } from './open-lab.ts'
import { readLogEnd, readLogFrom } from './read-log.ts'

const FOLLOW_MS = 200

export interface LogsOptions {
  /** Parts or instances; none means all. */
  readonly parts: readonly string[]
  readonly linesMax: number
  readonly write: (name: string, line: string) => void
  /** Given: goes on with what is written, until it is aborted. */
  readonly follow?: AbortSignal | undefined
}

/** Writes the last lines of the logs of a lab's parts. */
export async function showLogs(file: LabFile, { parts, linesMax, write, follow }: LogsOptions): Promise<void> {
  const { plan, folder } = openLab(file, {})
  for (const wanted of parts)
    if (!plan.instances.some(({ name, part }) => wanted === name || wanted === part))
      throw new LabError('wrong-use', explainTarget(plan, wanted))
  const names = plan.instances
    .filter(({ name, part }) => parts.length === 0 || parts.includes(name) || parts.includes(part))
    .map(({ name }) => name)
  const places = new Map(names.map((name) => [name, sizeOf(folder.logOf(name))]))
  for (const name of names) for (const line of readLogEnd(folder.logOf(name), linesMax)) write(name, line)
  while (follow && !follow.aborted) {
    for (const name of names)
      places.set(
        name,
        writeNew(folder.logOf(name), places.get(name) ?? 0, (l) => write(name, l)),
      )
    await pause(FOLLOW_MS, undefined, { signal: follow }).catch(() => undefined)
  }
}

/** Whole lines only; where to read on. A log that became shorter is read from its beginning. */
function writeNew(file: string, from: number, write: (line: string) => void): number {
  if (!existsSync(file)) return 0
  const start = sizeOf(file) < from ? 0 : from
  const { text } = readLogFrom(file, start)
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  for (const line of whole.split('\n').slice(0, -1)) write(line)
  return start + Buffer.byteLength(whole)
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}
