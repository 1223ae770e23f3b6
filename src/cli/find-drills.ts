import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readDrill, type WrittenDrill } from '../drill/index.ts'
import { formatProblem, type Problem, type SourceText, suggestion } from '../source/index.ts'
import { UsageError } from './exit.ts'

/** Below the folder one stands in: `platform/vault/drills` is found from two levels up. */
const DEPTH_MAX = 4

export interface FoundDrill {
  readonly source: SourceText
  /** Undefined when the file has problems. */
  readonly drill: WrittenDrill | undefined
  readonly problems: readonly Problem[]
}

/** Every drill file of the `drills` folders of a path: itself, below it, or, when nothing is named, above. */
export function findDrills(path: string | undefined): FoundDrill[] {
  if (path !== undefined && !existsSync(path))
    throw new UsageError(`${path} does not exist. Name a vault, a folder of drills or a drill file.`)
  if (path !== undefined && statSync(path).isFile()) return [readFound(path)]
  const folders = path === undefined ? findNearby() : findBelow(path, 0)
  const files = (folders.length > 0 ? folders : path === undefined ? [] : [path]).flatMap(listYaml)
  return files.map((file) => readFound(file))
}

/** The drill of this name, its parameters changed. Throws a `UsageError` when there is none, several, or it has problems. */
export function requireDrill(
  name: string,
  path: string | undefined,
  changed: Readonly<Record<string, string>>,
): FoundDrill & { drill: WrittenDrill } {
  const isFile = /\.ya?ml$/.test(name) && existsSync(name)
  const all = isFile ? [readFound(name)] : findDrills(path)
  const found = isFile ? all : all.filter(({ drill, source }) => drill?.input.drill === name || nameOf(source) === name)
  const [first, second] = found
  if (!first) {
    const names = all.flatMap(({ drill }) => drill?.input.drill ?? [])
    const cure = names.length > 0 ? ` There are ${names.join(', ')}.` : ' Write one: docs/guide/drills.md.'
    throw new UsageError(`There is no drill "${name}".${suggestion(name, names) || cure}`)
  }
  if (second)
    throw new UsageError(
      `Several drills are called "${name}": ${found.map(({ source }) => source.file).join(', ')}. Name the file.`,
    )
  const { source, drill, problems } = Object.keys(changed).length > 0 ? readFound(first.source.file, changed) : first
  if (!drill) throw problemsOf(problems)
  return { source, drill, problems }
}

export function problemsOf(problems: readonly Problem[]): UsageError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new UsageError(...problems.map(formatProblem), `${count}; nothing was broken.`)
}

function readFound(file: string, changed: Readonly<Record<string, string>> = {}): FoundDrill {
  const source = { file, text: readFileSync(file, 'utf8') }
  return { source, ...readDrill(source, changed) }
}

/** A file with a mistake is known by the name it gives itself. */
function nameOf({ text }: SourceText): string | undefined {
  return /^drill:\s*["']?([\w-]+)/m.exec(text)?.[1]
}

function findNearby(): string[] {
  const below = findBelow('.', 0)
  if (below.length > 0) return below
  for (let folder = resolve('.'); dirname(folder) !== folder; folder = dirname(folder))
    for (const candidate of [join(folder, 'drills'), join(folder, 'vault/drills')])
      if (existsSync(candidate)) return [candidate]
  return []
}

function findBelow(folder: string, depth: number): string[] {
  if (/(^|\/)drills\/?$/.test(resolve(folder))) return [folder]
  if (depth > DEPTH_MAX) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isDirectory())
    .flatMap((path) => (/(^|\/)(drills)$/.test(path) ? [path] : findBelow(path, depth + 1)))
    .filter((path) => listYaml(path).length > 0)
}

function listYaml(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}
