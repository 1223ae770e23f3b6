import { isPlainObject, type PlainObject, type Position, positionOf } from '../../../source/index.ts'
import { folderOf, joinPath } from '../file-paths.ts'
import { itemsOf } from '../located-data.ts'
import { programOf } from '../program.ts'
import { at, countAt, listAt, mapAt, textAt, textsAt } from '../untyped.ts'
import type { ComposeProject } from './compose-project.ts'
import { type ComposePort, parsePort } from './ports.ts'

/** One service of a project with the parts that tell what it needs, in one form each. */
export interface ComposeService {
  readonly name: string
  readonly where: Position | undefined
  readonly image: string | undefined
  readonly command: readonly string[]
  readonly commandWhere: Position | undefined
  readonly environment: readonly EnvironmentEntry[]
  readonly dependsOn: readonly StartOrder[]
  readonly links: readonly { readonly target: string; readonly alias: string; readonly where: Position | undefined }[]
  readonly networkMode: string | undefined
  /** Network name to the further names the service has there. */
  readonly networks: ReadonlyMap<string, readonly string[]>
  readonly ports: readonly (ComposePort & { readonly where: Position | undefined })[]
  readonly exposed: readonly number[]
  readonly replicas: number | undefined
  readonly profiles: readonly string[]
  readonly names: readonly string[]
  readonly labels: PlainObject
  readonly healthcheck: string | undefined
  readonly missingEnvFiles: readonly string[]
}

interface EnvironmentEntry {
  readonly name: string
  readonly value: string
  readonly evidence: string
  readonly where: Position | undefined
}

/** One line of `depends_on`. */
interface StartOrder {
  readonly target: string
  readonly condition: string
  readonly isRequired: boolean
  readonly where: Position | undefined
}

export function readComposeService(project: ComposeProject, name: string): ComposeService {
  const value = mapAt(project.document, 'services', name)
  const { entries, missing } = readEnvironment(project, value)
  return {
    name,
    where: positionOf(project.document, ['services', name]),
    image: textAt(value, 'image'),
    command: [...textsAt(value, 'entrypoint'), ...textsAt(value, 'command')],
    commandWhere: positionOf(value, ['command']),
    environment: entries,
    dependsOn: readDependsOn(value),
    links: readLinks(value),
    networkMode: textAt(value, 'network_mode'),
    networks: readNetworks(value),
    ports: listAt(value, 'ports').flatMap((item, index) => {
      const port = parsePort(item)
      return port ? [{ ...port, where: positionOf(value, ['ports', index]) }] : []
    }),
    exposed: textsAt(value, 'expose').map((text) => Number.parseInt(text, 10)),
    replicas: countAt(value, 'deploy', 'replicas') ?? countAt(value, 'scale'),
    profiles: textsAt(value, 'profiles'),
    names: ['container_name', 'hostname'].flatMap((key) => textAt(value, key) ?? []),
    labels: readLabels(value),
    healthcheck: readHealthcheck(value),
    missingEnvFiles: missing,
  }
}

function readDependsOn(service: PlainObject): StartOrder[] {
  const value = at(service, 'depends_on')
  if (Array.isArray(value))
    return itemsOf(value).flatMap(([, item, where]) => {
      const target = textAt(item)
      return target === undefined ? [] : [{ target, condition: 'service_started', isRequired: true, where }]
    })
  return Object.entries(mapAt(service, 'depends_on')).map(([target, item]) => ({
    target,
    condition: textAt(item, 'condition') ?? 'service_started',
    isRequired: at(item, 'required') !== false,
    where: positionOf(value, [target]),
  }))
}

function readLinks(service: PlainObject) {
  const links = listAt(service, 'links')
  return itemsOf(links).flatMap(([, item, where]) => {
    const [target = '', alias = target] = (textAt(item) ?? '').split(':')
    return target === '' ? [] : [{ target, alias, where }]
  })
}

function readNetworks(service: PlainObject): Map<string, readonly string[]> {
  const value = at(service, 'networks')
  if (Array.isArray(value)) return new Map(textsAt(value).map((network) => [network, []]))
  const byName = Object.keys(mapAt(service, 'networks')).map(
    (network) => [network, textsAt(service, 'networks', network, 'aliases')] as const,
  )
  return new Map(byName.length > 0 ? byName : [['default', []]])
}

/** Files first, then `environment`, which wins; a name without value takes that of the `.env` file. */
function readEnvironment(project: ComposeProject, service: PlainObject) {
  const byName = new Map<string, EnvironmentEntry>()
  const missing: string[] = []
  const files = at(service, 'env_file')
  for (const item of Array.isArray(files) ? files : [files]) {
    const path = textAt(item) ?? textAt(item, 'path')
    if (path === undefined) continue
    const variables = project.envFiles.get(joinPath(folderOf(project.file), path))
    if (!variables && at(item, 'required') !== false) missing.push(path)
    const where = positionOf(service, ['env_file'])
    for (const [name, value] of variables ?? []) byName.set(name, { name, value, evidence: `env ${name}`, where })
  }
  for (const [name, stated, where] of listEnvironment(service)) {
    const value = stated ?? project.variables.get(name)
    if (value !== undefined) byName.set(name, { name, value, evidence: `env ${name}`, where })
  }
  return { entries: [...byName.values()], missing }
}

function listEnvironment(service: PlainObject): [string, string | undefined, Position | undefined][] {
  const value = at(service, 'environment')
  if (Array.isArray(value))
    return itemsOf(value).flatMap(([, item, where]) => {
      const text = textAt(item)
      if (text === undefined) return []
      const split = text.indexOf('=')
      return [split < 0 ? [text, undefined, where] : [text.slice(0, split), text.slice(split + 1), where]]
    })
  return Object.entries(mapAt(service, 'environment')).map(([name, item]) => [
    name,
    textAt(item),
    positionOf(value, [name]),
  ])
}

function readLabels(service: PlainObject): PlainObject {
  const value = at(service, 'labels')
  if (isPlainObject(value)) return value
  return Object.fromEntries(
    textsAt(value).map((text) => {
      const [name = '', ...rest] = text.split('=')
      return [name, rest.join('=')]
    }),
  )
}

/** The path that is asked, or the program that is run. */
function readHealthcheck(service: PlainObject): string | undefined {
  if (at(service, 'healthcheck', 'disable') === true) return undefined
  const test = textsAt(service, 'healthcheck', 'test')
  if (test[0] === 'NONE') return undefined
  const url = /https?:\/\/[^/\s"']+(\/[^\s"'?#)]*)?/.exec(test.join(' '))
  return url ? (url[1] ?? '/') : programOf(test)
}
