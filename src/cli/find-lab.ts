import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { LabFile } from '../lab/index.ts'
import { UsageError } from './exit.ts'

/** Aborted by the first Ctrl-C; a second one ends the process at once. */
export function interrupted(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => controller.abort())
  return controller.signal
}

export function findLab(path: string | undefined, presence?: 'may be gone'): LabFile {
  const file =
    path === undefined ? findNearby() : existsSync(path) && statSync(path).isDirectory() ? join(path, 'lab.yaml') : path
  if (existsSync(file)) return { path: realpathSync(file), source: { file, text: readFileSync(file, 'utf8') } }
  if (presence === 'may be gone' && existsSync(join(dirname(file), '.linchpin')))
    return { path: join(realpathSync(dirname(file)), basename(file)), source: { file, text: '' } }
  throw new UsageError(`${file} does not exist. Name a lab.yaml or the folder of one.`)
}

/** The lab of this folder or of one above it; else the only one that lies one folder below. */
function findNearby(): string {
  if (existsSync('lab.yaml')) return 'lab.yaml'
  for (let folder = resolve('.'); dirname(folder) !== folder; folder = dirname(folder))
    if (existsSync(join(folder, 'lab.yaml'))) return join(folder, 'lab.yaml')
  const below = readdirSync('.')
    .map((name) => join(name, 'lab.yaml'))
    .filter((file) => existsSync(file))
  if (below.length > 1) throw new UsageError(`There are several labs here: ${below.join(', ')}. Name one.`)
  if (below[0] === undefined)
    throw new UsageError('There is no lab.yaml here. Name one; docs/guide/lab.md shows how to write it.')
  return below[0]
}

export function readPortBase(): number | undefined {
  const text = process.env.LINCHPIN_PORT_BASE
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,5}$/.test(text))
    throw new UsageError(`LINCHPIN_PORT_BASE=${text} is not a number. Set it to one such as 100.`)
  return Number(text)
}
