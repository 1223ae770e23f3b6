import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

const END_MAX = 256 * 1024

/** The last lines of a log, oldest first; none when there is no log. Looks at its last 256 kB. */
export function readLogEnd(file: string, linesMax: number): string[] {
  if (!existsSync(file)) return []
  const { text } = readLogFrom(file, -END_MAX)
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.slice(-linesMax)
}

/** What a log holds from a place on, at most 256 kB, and where to read on; a negative place counts from the end. */
export function readLogFrom(file: string, from: number): { text: string; next: number } {
  const opened = openSync(file, 'r')
  try {
    const { size } = fstatSync(opened)
    const start = from < 0 ? Math.max(0, size + from) : Math.min(from, size)
    const buffer = Buffer.alloc(Math.min(size - start, END_MAX))
    const length = readSync(opened, buffer, 0, buffer.length, start)
    return { text: buffer.subarray(0, length).toString('utf8'), next: start + length }
  } finally {
    closeSync(opened)
  }
}
