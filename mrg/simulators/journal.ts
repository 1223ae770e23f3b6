import { appendFileSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

/** A file of JSON lines that only grows. A line is in it before `append` returns, so killing the process loses none. */
export interface Journal<Line> {
  append(line: Line): void
}

/** Hands what the file holds to `read`, line by line, and opens it for more. */
export function openJournal<Line>(options: {
  folder: string
  file: string
  read: (line: Line) => void
}): Journal<Line> {
  mkdirSync(options.folder, { recursive: true })
  const path = join(options.folder, options.file)
  if (existsSync(path)) for (const line of readLines(path)) options.read(JSON.parse(line))
  const file = openSync(path, 'a')
  return { append: (line) => appendFileSync(file, `${JSON.stringify(line)}\n`) }
}

/** A line without its end was being written when the process died: nobody was told of it, and it is cut off. */
function readLines(path: string): string[] {
  const bytes = readFileSync(path)
  const end = bytes.lastIndexOf('\n') + 1
  if (end < bytes.length) truncateSync(path, end)
  return bytes.toString('utf8', 0, end).split('\n').filter(Boolean)
}
