import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, normalize } from 'node:path'
import { formatProblem, isPlainObject, readYaml, type SourceText, suggestion, YAML_LIMITS } from '../source/index.ts'
import { UsageError } from './exit.ts'

const FILES_MAX = 5_000
const DEPTH_MAX = 12
/** What a folder is called by when nothing is said: the first that exists. */
const USUAL_NAMES = [
  'system',
  'system.yaml',
  'system.yml',
  'vault/system',
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
]

/**
 * The YAML files that paths stand for: a file is itself; a vault or project folder is what its usual file or its
 * `system/` folder holds; any other folder is all YAML files below it, in alphabetical order.
 */
export function findFiles(paths: readonly string[]): SourceText[] {
  const files = paths.flatMap((path) => expand(path))
  if (files.length === 0)
    throw new UsageError(
      `No YAML files in ${paths.join(', ')}. Name a system file, a compose file or a folder of manifests; linchpin init writes a first one.`,
    )
  const texts = [...new Set(files)].map(readText)
  refuseTemplates(texts)
  return [
    ...texts,
    ...findSideFiles(texts)
      .filter((file) => !files.includes(file))
      .map(readText),
  ]
}

/** A template that is no YAML would be reported as a dozen mistakes of syntax; it is one, and a known one. */
function refuseTemplates(texts: readonly SourceText[]): void {
  const templates = texts.flatMap((source) => {
    if (!source.text.includes('{{')) return []
    const lines = source.text.split('\n')
    const broken = readYaml(source).problems.find(({ where }) => lines[where.line - 1]?.includes('{{'))
    return broken ? { where: broken.where, message: TEMPLATE } : []
  })
  if (templates.length > 0) throw new UsageError(...templates.map(formatProblem))
}

const TEMPLATE =
  'This is a template with placeholders, not YAML. Render it first (helm template, kubectl kustomize) and name the result.'

/** What Compose reads besides its files: `.env` beside the first of them, and what their `env_file` lines name. */
function findSideFiles(texts: readonly SourceText[]): string[] {
  const composeFiles = texts.filter(({ text }) => /^services\s*:/m.test(text))
  const [first] = composeFiles
  if (!first) return []
  const folder = dirname(first.file)
  const named = composeFiles.filter(({ text }) => text.includes('env_file')).flatMap(listEnvFiles)
  const paths = ['.env', ...named].map((path) => normalize(isAbsolute(path) ? path : join(folder, path)))
  return [...new Set(paths)].filter((path) => existsSync(path) && lstatSync(path).isFile())
}

function listEnvFiles(source: SourceText): string[] {
  const services = readYaml(source)
    .values.filter(isPlainObject)
    .map(({ services }) => services)
  return services
    .filter(isPlainObject)
    .flatMap((block) => Object.values(block).filter(isPlainObject))
    .flatMap((service) => [service.env_file].flat())
    .map((item) => (isPlainObject(item) ? item.path : item))
    .filter((path) => typeof path === 'string' && /(^|\/)(\.env[^/]*|[^/]*\.env)$/.test(path))
    .map(String)
}

function expand(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist.${suggestPath(path)} Give a file or a folder.`)
  if (!statSync(path).isDirectory()) return [path]
  const usual = findUsual(path)
  if (!usual) return listYaml(path)
  return statSync(usual).isDirectory() ? listYaml(usual) : [usual, ...overlayOf(usual)]
}

/** The usual file or folder of system files inside a folder. */
export function findUsual(folder: string): string | undefined {
  return USUAL_NAMES.map((name) => join(folder, name)).find((candidate) => existsSync(candidate))
}

/** Compose reads an override file that lies beside the main one without being asked; so do we. */
function overlayOf(file: string): string[] {
  const override = file.replace(/\.(ya?ml)$/, '.override.$1')
  return basename(file).includes('compose') && existsSync(override) ? [override] : []
}

function listYaml(folder: string): string[] {
  const found: string[] = []
  const visit = (path: string, depth: number) => {
    for (const name of readdirSync(path).sort()) {
      if (name.startsWith('.') || name === 'node_modules') continue
      const child = join(path, name)
      const status = lstatSync(child)
      if (status.isDirectory() && depth < DEPTH_MAX) visit(child, depth + 1)
      else if (/\.(ya?ml|json)$/.test(name) && status.isFile() && !/^kustomization\.ya?ml$/.test(name))
        found.push(child)
      if (found.length > FILES_MAX)
        throw new UsageError(`${folder} holds more than ${FILES_MAX} YAML files. Name a smaller folder.`)
    }
  }
  visit(folder, 0)
  return found
}

/** Reads UTF-8 text; refuses what is too large or not text before it is parsed. */
/** Throws a `UsageError` when it is too large or not UTF-8. */
export function readText(file: string): SourceText {
  const { size } = statSync(file)
  if (size > YAML_LIMITS.charactersMax)
    throw new UsageError(
      `${file}:1:1 The file is ${Math.round(size / 1e6)} MB; at most ${YAML_LIMITS.charactersMax / 1e6} MB are read. Split it into several files.`,
    )
  try {
    return { file, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) }
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${file}:1:1 The file is not UTF-8 text. Save it as UTF-8.`)
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

function suggestPath(path: string): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'
  if (!existsSync(folder)) return ''
  return suggestion(basename(path), readdirSync(folder))
}
