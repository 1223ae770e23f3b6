import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Puts a whole file in its place, or none: readers never see a part of it, and once this returns it survives a power
 * cut. Killed on the way, it leaves at most a hidden `.….tmp` file.
 */
export async function writeDurably(folder: string, name: string, text: string): Promise<void> {
  const created = await mkdir(folder, { recursive: true })
  const fresh = join(folder, `.${randomUUID()}.tmp`)
  try {
    await writeAndSync(fresh, text)
    await rename(fresh, join(folder, name))
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
  await syncFolder(folder)
  if (created !== undefined) await syncFolder(dirname(created))
}

async function writeAndSync(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o644)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
