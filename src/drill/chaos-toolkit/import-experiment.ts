import { isPlainObject, type PlainObject, parseDuration, readYaml, type SourceText } from '../../source/index.ts'

export interface ImportedExperiment {
  /** Undefined when the file holds no experiment. */
  readonly yaml: string | undefined
  /** What does not carry over, one sentence each. */
  readonly notes: readonly string[]
}

/**
 * A Chaos Toolkit experiment (JSON or YAML) as a drill file to go on from. HTTP probes, commands and pauses carry over;
 * actions are calls of plug-ins, so that what they break has to be said anew, in the words of a lab.
 * Source: https://chaostoolkit.org/reference/api/experiment/
 */
export function importExperiment(source: SourceText): ImportedExperiment {
  const [experiment] = readYaml(source).values
  if (!isPlainObject(experiment) || !Array.isArray(experiment.method))
    return { yaml: undefined, notes: [`${source.file} is not a Chaos Toolkit experiment: it has no method.`] }
  const notes: string[] = []
  const hypothesis = isPlainObject(experiment['steady-state-hypothesis']) ? experiment['steady-state-hypothesis'] : {}
  const probes = new Map<string, string>()
  const steady = listObjects(hypothesis.probes).flatMap((probe) => importProbe(probe, { probes, notes }))
  const steps = experiment.method.filter(isPlainObject)
  const expected = steps
    .filter(({ type }) => type === 'probe')
    .flatMap((probe) => importProbe(probe, { probes, notes }))
  const holdMs = steps.reduce((sum, { pauses }) => sum + pauseOf(pauses), 0)
  const faults = steps
    .filter(({ type }) => type === 'action')
    .flatMap((action) => importAction(action, holdMs, notes) ?? [])
  noteTheRest(experiment, notes)
  return { yaml: writeDrill({ experiment, probes, steady, expected, faults, notes }), notes }
}

interface Context {
  readonly probes: Map<string, string>
  readonly notes: string[]
}

/** The name and bound of a probe with a tolerance that can be compared; its definition goes to `probes`. */
function importProbe(probe: PlainObject, { probes, notes }: Context): { probe: string; is: string }[] {
  if (probe.ref !== undefined) return []
  const name = nameOf(probe)
  const provider = isPlainObject(probe.provider) ? probe.provider : {}
  const timeout = typeof provider.timeout === 'number' ? `, timeout: ${provider.timeout}s` : ''
  if (provider.type === 'http') {
    const method = typeof provider.method === 'string' ? provider.method.toUpperCase() : 'GET'
    if (!String(provider.url).startsWith('http://'))
      notes.push(`${name}: ${String(provider.url)} is not a plain http URL. Write the address of a part of the lab.`)
    probes.set(name, `{ http: ${quote(`${method} ${String(provider.url)}`)}${timeout} }`)
    return boundOf(probe.tolerance ?? 200, name, notes)
  }
  if (provider.type === 'process') {
    const args = isPlainObject(provider.arguments)
      ? Object.entries(provider.arguments).flat()
      : [provider.arguments ?? []].flat()
    const words = [provider.path, ...args].map(String).filter((word) => word !== '')
    notes.push(`${name}: the command has to print JSON, and field says which figure counts.`)
    probes.set(name, `{ command: [${words.map(quote).join(', ')}], field: status${timeout} }`)
    return []
  }
  notes.push(
    `${name}: the Python function ${String(provider.module)}.${String(provider.func)} does not carry over. Look at the same with http, metric, promql, sql or log.`,
  )
  return []
}

function boundOf(tolerance: unknown, name: string, notes: string[]): { probe: string; is: string }[] {
  if (typeof tolerance === 'number') return [{ probe: name, is: String(tolerance) }]
  notes.push(`${name}: the tolerance ${JSON.stringify(tolerance)} does not carry over. State it as a bound.`)
  return []
}

/** Words of the names of well-known actions that say which fault comes closest. */
const CLOSEST: readonly (readonly [pattern: RegExp, fault: string])[] = [
  [/latency|delay/i, 'latency'],
  [/stop|kill|terminate|shutdown|delete|attack/i, 'kill'],
  [/partition|blackhole|network/i, 'blackhole'],
  [/restart|reboot/i, 'restart'],
]

function importAction(action: PlainObject, holdMs: number, notes: string[]): string | undefined {
  const name = nameOf(action)
  const provider = isPlainObject(action.provider) ? action.provider : {}
  const what =
    provider.type === 'python'
      ? `${String(provider.module)}.${String(provider.func)}`
      : String(provider.path ?? provider.url)
  const [, fault] = CLOSEST.find(([pattern]) => pattern.test(`${name} ${what}`)) ?? []
  const target = findTarget(provider.arguments)
  if (fault === undefined) {
    notes.push(
      `${name}: the action ${what} does not carry over. If it breaks something, name the fault; if it is traffic, write a load.`,
    )
    return undefined
  }
  notes.push(
    `${name}: the action ${what} becomes the fault ${fault} of "${target}". Check both: a drill breaks parts of a lab.`,
  )
  return `{ fault: ${fault}, target: ${quote(target)}, for: ${Math.max(5, Math.round(holdMs / 1_000))}s }`
}

/** What is called a name among the arguments of an action, at any depth. */
function findTarget(value: unknown): string {
  if (!isPlainObject(value)) return 'the-part'
  for (const [key, item] of Object.entries(value))
    if (/(^|[._])name$/.test(key) && typeof item === 'string') return item
  const inner = Object.values(value).filter(isPlainObject).map(findTarget)
  return inner.find((name) => name !== 'the-part') ?? 'the-part'
}

function noteTheRest(experiment: PlainObject, notes: string[]): void {
  for (const key of ['configuration', 'secrets', 'controls', 'runtime', 'extensions'])
    if (experiment[key] !== undefined) notes.push(`${key} does not carry over.`)
  if (listObjects(experiment.rollbacks).length > 0)
    notes.push('rollbacks do not carry over: every fault here knows its own undo.')
}

interface Found {
  readonly experiment: PlainObject
  readonly probes: ReadonlyMap<string, string>
  readonly steady: readonly { probe: string; is: string }[]
  readonly expected: readonly { probe: string; is: string }[]
  readonly faults: readonly string[]
  readonly notes: readonly string[]
}

function writeDrill({ experiment, probes, steady, expected, faults, notes }: Found): string {
  const title = String(experiment.title ?? 'Imported')
  const targets = [...new Set(faults.map((fault) => /target: ("[^"]*")/.exec(fault)?.[1] ?? '"the-part"'))]
  const expect = [...expected, ...steady]
  const row = ({ probe, is }: { probe: string; is: string }) => `  - { probe: ${probe}, is: ${is} }`
  return `${[
    '# Read from a Chaos Toolkit experiment. What does not carry over, or has to be checked:',
    ...notes.map((note) => `# - ${note}`),
    `drill: ${slug(title)}`,
    `title: ${quote(title)}`,
    'lab: ../../lab.yaml',
    ...(probes.size > 0 ? ['probes:', ...[...probes].map(([name, text]) => `  ${name}: ${text}`)] : []),
    ...(steady.length > 0 ? ['steady:', ...steady.map(row)] : []),
    'method:',
    ...(faults.length > 0 ? faults : ['{ fault: kill, target: "the-part", for: 5s }']).map((fault) => `  - ${fault}`),
    'expect:',
    ...(expect.length > 0 ? expect.map(row) : ['  []   # what users should see; without it this is no drill']),
    `limits: { targets: [${targets.length > 0 ? targets.join(', ') : '"the-part"'}] }`,
  ].join('\n')}\n`
}

function pauseOf(pauses: unknown): number {
  if (!isPlainObject(pauses)) return 0
  return [pauses.before, pauses.after].reduce<number>((sum, pause) => {
    if (typeof pause === 'number') return sum + 1_000 * pause
    return sum + (typeof pause === 'string' ? (parseDuration(pause) ?? 0) : 0)
  }, 0)
}

function listObjects(value: unknown): PlainObject[] {
  return Array.isArray(value) ? value.filter(isPlainObject) : []
}

function nameOf({ name }: PlainObject): string {
  return slug(String(name ?? 'unnamed'))
}

function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 60) || 'unnamed'
  )
}

function quote(text: string): string {
  return JSON.stringify(text)
}
