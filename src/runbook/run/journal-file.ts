import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { RunbookError } from '../runbook-error.ts'
import type { Entry, Journal } from './journal.ts'

/**
 * A journal in a file, one JSON text a line, each synced before `append` returns. A last line that a crash cut short
 * tells of something that was about to be noted, and is dropped; anything else that is no entry is refused.
 */
export function openJournal(file: string): Journal & { close(): void } {
  const isNew = !existsSync(file)
  mkdirSync(dirname(file), { recursive: true })
  const text = isNew ? '' : readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const entries = whole
    .split('\n')
    .filter(Boolean)
    .map((line, i) => parseEntry(line, `${file}:${i + 1}:1`))
  const handle = openSync(file, 'a', 0o600)
  if (whole.length < text.length) ftruncateSync(handle, Buffer.byteLength(whole))
  fsyncSync(handle)
  if (isNew) syncFolder(dirname(file))
  return {
    entries,
    append: (entry) => {
      writeSync(handle, `${JSON.stringify(entry)}\n`)
      fsyncSync(handle)
      entries.push(entry)
    },
    close: () => closeSync(handle),
  }
}

function parseEntry(line: string, where: string): Entry {
  try {
    const entry = JSON.parse(line)
    if (typeof entry?.kind === 'string' && typeof entry.at === 'number') return entry as Entry
  } catch {}
  throw new RunbookError('wrong-use', `${where} This is no entry of a journal: the file was changed. Start a new run.`)
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
