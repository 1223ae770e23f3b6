import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Replaces a file in one step that survives a crash: readers see the old text or the new one, never a part of it. */
export function writeAtomically(file: string, text: string, { mode = 0o600 }: { mode?: number } = {}): void {
  const fresh = `${file}.${process.pid}.new`
  const written = openSync(fresh, 'w', mode)
  try {
    writeSync(written, text)
    fsyncSync(written)
  } finally {
    closeSync(written)
  }
  renameSync(fresh, file)
  const folder = openSync(dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** The JSON of a file, or undefined when it is absent or not JSON. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
