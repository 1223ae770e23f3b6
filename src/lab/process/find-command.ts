import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/** The program that a command names: `node` is the one that runs us, a path is seen from `folder`, else PATH decides. */
export function findCommand(name: string, folder: string): string | undefined {
  if (name === 'node') return process.execPath
  if (name.includes('/')) return isProgram(resolve(folder, name)) ? resolve(folder, name) : undefined
  const folders = (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== '')
  return folders.map((entry) => join(entry, name)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
