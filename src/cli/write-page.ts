import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from './exit.ts'

/**
 * Replaces a page of a vault whole, or not at all. Throws a `UsageError` and leaves the page as it is when it is not
 * what was read any more (someone is writing in it), or when its place turns out to be a link out of the vault.
 */
export function replacePage(root: string, path: string, { before, after }: { before: string; after: string }): void {
  const file = join(root, path)
  const folder = dirname(file)
  const base = realpathSync(root)
  const isWithin = `${realpathSync(folder)}/`.startsWith(`${base}/`)
  if (!isWithin || !lstatSync(file).isFile())
    throw new UsageError(`${file}:1:1 The page is a symbolic link, or lies behind one, and is left as it is.`)
  const fresh = join(folder, `.${randomUUID()}.tmp`)
  try {
    writeWhole(fresh, after, lstatSync(file).mode & 0o777)
    if (readFileSync(file, 'utf8') !== before)
      throw new UsageError(
        `${file}:1:1 The page was changed by someone else meanwhile, and is left as it is. Run this again.`,
      )
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

/** The name is new: nothing that is there already is followed or overwritten. */
function writeWhole(file: string, text: string, mode: number): void {
  const handle = openSync(file, 'wx', mode)
  try {
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
