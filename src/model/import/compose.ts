import { type PlainObject, type Problem, sortProblems, suggestion } from '../../source/index.ts'
import { type ComposeProject, projectName, readComposeProject } from './compose/compose-project.ts'
import { type ComposeService, readComposeService } from './compose/compose-service.ts'
import { type FoundTargets, findTargets } from './compose/find-targets.ts'
import { isLoopback } from './compose/ports.ts'
import { findFlows, type PublishedEntry } from './entry-flows.ts'
import { systemName } from './file-paths.ts'
import { addDependency, type FoundComponent, markTelemetry, writeDocument } from './found-platform.ts'
import { type FoundKind, kindOfImage, kindOfPort } from './image-kind.ts'
import type { Imported, Importer, ImportFile, ImportOptions } from './importer.ts'
import { noteOutsideHosts } from './outside-hosts.ts'
import { isSentinel, judgeReplication } from './replicated-data.ts'
import { roleOf } from './role.ts'
import { mapAt } from './untyped.ts'

/** Docker Compose files, with overlays, `.env` and the files that `env_file` names. */
export const compose: Importer = {
  name: 'compose',
  recognises: (value) =>
    Object.hasOwn(value, 'services') &&
    !Array.isArray(value.services) &&
    !OTHER_KEYS.some((key) => Object.hasOwn(value, key)),
  sideFile: /(^|\/)(\.env[^/]*|[^/]*\.env)$/,
  read: readCompose,
}

/** Keys of other formats that have services, too. */
const OTHER_KEYS = ['components', 'flows', 'mitigations', 'apiVersion', 'kind']

function readCompose(files: readonly ImportFile[], options: ImportOptions): Imported {
  const project = readComposeProject(files)
  const { services, notes: selection } = selectServices(project)
  const found = new Map([...services.values()].map((service) => [service.name, findTargets(service, services)]))
  const jobs = new Set([...found.values()].flatMap(({ startUpOnly }) => startUpOnly))
  const components = [...services.values()].map((service) => buildComponent(service, found.get(service.name), jobs))
  const telemetry = markTelemetry(components)
  const kept = components.filter(({ role }) => role !== 'load')
  const flows = findFlows(kept, {
    named: options.entries,
    published: findPublished(services),
    where: { file: project.file, line: 1, column: 1 },
  })
  const problems = [...project.problems, ...findNetworkProblems(project, services), ...flows.problems]
  for (const { problems: own } of found.values()) problems.push(...own)
  return {
    document: writeDocument(systemName(projectName(project), project.file), kept, flows.flows),
    problems: sortProblems(problems),
    notes: [
      ...project.notes,
      ...selection,
      ...noteServices([...services.values()], found),
      ...noteLoad(components),
      ...telemetry.notes,
      ...noteOutsideHosts([...found.values()].flatMap(({ outside }) => outside)),
      ...flows.notes,
    ],
  }
}

/** The services that `docker compose up` starts. */
function selectServices(project: ComposeProject): { services: Map<string, ComposeService>; notes: string[] } {
  const active = new Set((project.variables.get('COMPOSE_PROFILES') ?? '').split(',').map((name) => name.trim()))
  const all = Object.keys(mapAt(project.document, 'services')).map((name) => readComposeService(project, name))
  const isStarted = ({ profiles }: ComposeService) =>
    profiles.length === 0 || active.has('*') || profiles.some((profile) => active.has(profile))
  const idle = all.filter((service) => !isStarted(service))
  const none = all.filter((service) => isStarted(service) && service.replicas === 0)
  const notes = []
  if (idle.length > 0)
    notes.push(
      `Services of profiles that do not start by default were left out: ${names(idle)}. COMPOSE_PROFILES in .env adds them.`,
    )
  if (none.length > 0) notes.push(`Services with 0 replicas were left out: ${names(none)}.`)
  const services = all.filter((service) => isStarted(service) && service.replicas !== 0)
  return { services: new Map(services.map((service) => [service.name, service])), notes }
}

function buildComponent(
  service: ComposeService,
  found: FoundTargets | undefined,
  jobs: ReadonlySet<string>,
): FoundComponent {
  const component: FoundComponent = {
    id: service.name,
    kind: jobs.has(service.name) ? 'job' : kindOf(service),
    role: roleOf(service.name, service.image),
    where: service.where,
    facts: readFacts(service),
    dependencies: new Map(),
  }
  for (const { target, evidence, where, isOptional } of found?.targets ?? [])
    if (!jobs.has(target))
      addDependency(component, target, { strength: isOptional ? 'soft' : 'unknown', evidence: [evidence], where })
  return component
}

function readFacts({ name, image, command, replicas = 1, healthcheck }: ComposeService): PlainObject {
  const images = image === undefined ? [] : [image]
  const { instances, ...rest } = judgeReplication({ count: replicas, name, images, command })
  return {
    instances: instances > 1 ? instances : undefined,
    ...rest,
    health: healthcheck === undefined ? undefined : { live: healthcheck },
  }
}

function kindOf({ image, name, ports, exposed }: ComposeService): FoundKind {
  if (isSentinel(name)) return 'service'
  const byImage = image === undefined ? undefined : kindOfImage(image)
  const byPort = [...ports.map(({ target }) => Number(target)), ...exposed]
    .map(kindOfPort)
    .find((kind) => kind !== undefined)
  return byImage ?? kindOfImage(name) ?? byPort ?? 'service'
}

/** Published ports, what a proxy in front publishes by label or variable, and what is on the host's own network. */
function findPublished(services: ReadonlyMap<string, ComposeService>): PublishedEntry[] {
  return [...services.values()].flatMap((service): PublishedEntry[] => {
    const { name: id, ports, labels, environment, where, networkMode } = service
    const open = ports.find((port) => !isLoopback(port))
    if (open) return [{ id, where: open.where ?? where, isDeliberate: false }]
    const hasRoute = Object.keys(labels).some((label) => /^traefik\.(http|tcp)\.routers\.|^caddy(_\d+)?$/.test(label))
    const variable = environment.find((entry) => entry.name === 'VIRTUAL_HOST')
    if (hasRoute || variable) return [{ id, where: variable?.where ?? where, isDeliberate: true }]
    return networkMode === 'host' ? [{ id, where, isDeliberate: false }] : []
  })
}

function findNetworkProblems({ document }: ComposeProject, services: ReadonlyMap<string, ComposeService>): Problem[] {
  const declared = [...Object.keys(mapAt(document, 'networks')), 'default']
  return [...services.values()].flatMap(({ name, networks, where }) =>
    [...networks.keys()]
      .filter((network) => where && !declared.includes(network))
      .flatMap((network) =>
        where
          ? [
              {
                where,
                message: `"${name}" is on network "${network}", which is not declared.${suggestion(network, declared)} Declare it under networks.`,
              },
            ]
          : [],
      ),
  )
}

function noteServices(services: readonly ComposeService[], found: ReadonlyMap<string, FoundTargets>): string[] {
  const notes: string[] = []
  const jobs = [...new Set([...found.values()].flatMap(({ startUpOnly }) => startUpOnly))]
  if (jobs.length > 0)
    notes.push(
      `${jobs.join(', ')} must complete before others start: needed at start-up only, so no run-time dependency was taken from it.`,
    )
  const apart = services.flatMap(({ name }) =>
    (found.get(name)?.unreachable ?? []).map((target) => `${name} names ${target}`),
  )
  if (apart.length > 0)
    notes.push(`Services that share no network cannot talk, so these were left out: ${[...new Set(apart)].join(', ')}.`)
  const files = [...new Set(services.flatMap(({ missingEnvFiles }) => missingEnvFiles))]
  if (files.length > 0)
    notes.push(`Environment files were not given, so what they name is unknown: ${files.join(', ')}.`)
  return notes
}

function noteLoad(components: readonly FoundComponent[]): string[] {
  const load = components.filter(({ role }) => role === 'load')
  return load.length === 0
    ? []
    : [`Load generators were left out, since no user needs them: ${load.map(({ id }) => id).join(', ')}.`]
}

function names(services: readonly ComposeService[]): string {
  return services.map(({ name }) => name).join(', ')
}
