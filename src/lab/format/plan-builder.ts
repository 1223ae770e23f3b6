import { resolve } from 'node:path'
import { digestOf, locate, type PathStep, type Problem } from '../../source/index.ts'
import { describePostgresql } from '../postgresql/describe-postgresql.ts'
import type { WrittenLab } from './check-names.ts'
import type { InstancePlan, LabPlan, LinkPlan, MachinePlan, VerifyPlan } from './plan.ts'
import { planFault, planFigure, planPage, planReady } from './plan-asking.ts'
import { machineOf, planMachines } from './plan-machines.ts'
import { namePorts } from './port-names.ts'
import { membersOf } from './profile.ts'
import type { LabSetting } from './read-lab.ts'
import type { PartInput } from './schema.ts'
import { fillIn, namesIn } from './variables.ts'

const HOST = '127.0.0.1'
/** What stands here for something that others run, where nothing has to be done to reach it. */
const NOTHING = ['sleep', 'infinity']
const READY_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 10_000
const VERIFY_WITHIN_MS = 300_000
const RESTART_ATTEMPTS = 10

/** Variables of the environment, and where they are written. */
type Layer = readonly [path: PathStep[], environment: Record<string, string> | undefined]

/** Fills in the variables of a lab whose names were checked. What it could not fill in is in `problems`. */
export class PlanBuilder {
  readonly problems: Problem[] = []
  readonly #lab: WrittenLab
  readonly #setting: LabSetting
  readonly #members: readonly string[]
  readonly #profile: string
  readonly #machines: readonly MachinePlan[]
  /** What holds for every part: `${dir}`, `${port.stock}`, `${env.TOKEN}`. */
  readonly #shared: ReadonlyMap<string, string>

  constructor(lab: WrittenLab, setting: LabSetting) {
    this.#lab = lab
    this.#setting = setting
    this.#profile = setting.profile ?? Object.keys(lab.input.profiles ?? {})[0] ?? 'all'
    this.#members = membersOf(lab.input, this.#profile)
    this.#machines = planMachines(lab.input, { members: this.#members, portBase: setting.portBase })
    this.#shared = this.#nameShared()
  }

  build(): LabPlan {
    const parts = Object.entries(this.#lab.input.parts).filter(([name]) => this.#members.includes(name))
    return {
      lab: this.#lab.input.lab,
      folder: this.#setting.folder,
      profile: this.#profile,
      portBase: this.#setting.portBase,
      outside: this.#lab.input.outside,
      instances: parts.flatMap(([name, part]) => this.#planInstances(name, part)),
      links: parts.flatMap(([name, part]) => this.#planLinks(name, part)),
      machines: this.#machines,
      verify: this.#planVerify(),
      names: Object.fromEntries([...this.#shared].filter(([name]) => !name.startsWith('env.'))),
    }
  }

  #nameShared(): Map<string, string> {
    const { folder, dataFolder, portBase, env } = this.#setting
    const names = new Map([
      ['lab', this.#lab.input.lab],
      ['dir', folder],
      ['host', HOST],
      ['data', dataFolder],
      ['profile', this.#profile],
    ])
    for (const [part, input] of Object.entries(this.#lab.input.parts)) {
      for (const [name, port] of namePorts(part, input, portBase)) names.set(name, port)
      for (let i = 0; i < (input.instances ?? 1); i++) {
        const host = machineOf(input, i, this.#machines)?.address ?? HOST
        if (i === 0) names.set(`host.${part}`, host)
        names.set(`host.${part}.${i + 1}`, host)
      }
      names.set(`data.${part}`, `${this.#dataFolderOf(input)}/${(input.instances ?? 1) > 1 ? `${part}.1` : part}`)
    }
    for (const [name, value] of Object.entries(env ?? {})) if (value !== undefined) names.set(`env.${name}`, value)
    if (!env)
      for (const name of namesIn(JSON.stringify(this.#lab.input))) if (name.startsWith('env.')) names.set(name, '')
    return names
  }

  #planInstances(part: string, input: PartInput): InstancePlan[] {
    const instances = input.instances ?? 1
    const described = input.kind === 'postgresql' ? describePostgresql(input, this.#setting.postgresql) : input
    return Array.from({ length: instances }, (_, i) =>
      this.#planInstance(part, described, { index: i, name: instances > 1 ? `${part}.${i + 1}` : part }),
    )
  }

  #planInstance(part: string, input: PartInput, { index, name }: { index: number; name: string }): InstancePlan {
    const at = ['parts', part]
    const dataFolder = `${this.#dataFolderOf(input)}/${name}`
    const values = this.#nameInstance(part, input, { index, dataFolder })
    const fill = (path: PathStep[], text: string) => this.#fill([...at, ...path], text, values)
    const writer = { fill, complain: (path: PathStep[], text: string) => this.#complain([...at, ...path], text) }
    const fillAll = (path: PathStep[], texts: readonly string[]) => texts.map((text, i) => fill([...path, i], text))
    const { restart = 'on-failure', stop, prepare } = input
    const { when, attempts } = typeof restart === 'string' ? { when: restart, attempts: undefined } : restart
    return {
      name,
      part,
      kind: input.kind,
      command: fillAll(['command'], input.command ?? NOTHING),
      prepare: prepare && {
        command: fillAll(['prepare', 'command'], prepare.command),
        unless: prepare.unless === undefined ? undefined : fill(['prepare', 'unless'], prepare.unless),
      },
      folder: resolve(this.#setting.folder, fill(['folder'], input.folder ?? '.')),
      dataFolder,
      user: input.user,
      machine: machineOf(input, index, this.#machines),
      environment: this.#planEnvironment(part, input, values),
      files: Object.entries(input.files ?? {}).map(([path, written]) => this.#planFile(part, path, written, values)),
      ports: [input.port, ...Object.values(input.ports ?? {})]
        .filter((port) => port !== undefined)
        .map((port) => port + this.#setting.portBase + index),
      dependsOn: (input['depends-on'] ?? []).filter((needed) => this.#members.includes(needed)),
      ready: input.ready && planReady(input.ready, writer),
      readyWithinMs: input.ready?.within ?? READY_WITHIN_MS,
      restart: { when, attempts: attempts ?? RESTART_ATTEMPTS },
      stop: { signal: stop?.signal ?? 'SIGTERM', withinMs: stop?.within ?? STOP_WITHIN_MS },
      faults: Object.entries(input.faults ?? {}).map(([fault, declared]) => planFault(fault, declared, fill)),
      packages: input.packages ?? [],
      figures: Object.entries(input.figures ?? {}).map(([figure, written]) => planFigure(figure, written, writer)),
      pages: Object.entries(input.pages ?? {}).map(([title, written]) => planPage(title, written, writer)),
      digest: digestOf([
        input,
        this.#readTemplates(input),
        this.#environments(),
        this.#profile,
        this.#setting.portBase,
      ]),
    }
  }

  /** Another user cannot enter the folders of root: then its data lies where PostgreSQL's does. */
  #dataFolderOf({ kind, user }: PartInput): string {
    const isOthers = kind === 'postgresql' || user !== undefined
    return isOthers ? this.#setting.postgresql.dataFolder : this.#setting.dataFolder
  }

  #nameInstance(part: string, input: PartInput, own: { index: number; dataFolder: string }): Map<string, string> {
    const { portBase } = this.#setting
    const names = new Map(this.#shared)
    names.set('data', own.dataFolder)
    names.set('instance', String(own.index + 1))
    names.set('host', machineOf(input, own.index, this.#machines)?.address ?? HOST)
    if (input.port !== undefined) names.set('port', String(input.port + portBase + own.index))
    // Of a part on the same machine it is the instance there that is meant, unless another one is named.
    const neighbours = Object.entries({ ...this.#lab.input.parts, [part]: input }).filter(
      ([name, { machine, instances = 1 }]) =>
        name === part || (machine !== undefined && machine === input.machine && own.index < instances),
    )
    for (const [name, { port, ports = {} }] of neighbours) {
      names.set(`host.${name}`, names.get('host') ?? HOST)
      if (port !== undefined) names.set(`port.${name}`, String(port + portBase + own.index))
      for (const [which, number] of Object.entries(ports))
        names.set(`port.${name}.${which}`, String(number + portBase + own.index))
    }
    for (const [target, port] of Object.entries(input.links ?? {})) names.set(`link.${target}`, String(port + portBase))
    return names
  }

  /** The environment of all parts, and that of the profile. */
  #environments() {
    const { environment, profiles } = this.#lab.input
    return [environment ?? null, profiles?.[this.#profile]?.environment ?? null]
  }

  #planEnvironment(part: string, input: PartInput, values: ReadonlyMap<string, string>): Record<string, string> {
    return this.#fillLayers(values, [
      [['environment'], this.#lab.input.environment],
      this.#profileLayer(),
      [['parts', part, 'environment'], input.environment],
    ])
  }

  #profileLayer(): Layer {
    const environment = this.#lab.input.profiles?.[this.#profile]?.environment
    return [['profiles', this.#profile, 'environment'], environment]
  }

  /** Later ones win. */
  #fillLayers(values: ReadonlyMap<string, string>, layers: readonly Layer[]): Record<string, string> {
    const environment: Record<string, string> = {}
    for (const [path, layer] of layers)
      for (const [name, text] of Object.entries(layer ?? {}))
        environment[name] = this.#fill([...path, name], text, values)
    return environment
  }

  /** Files outlive the lab, so what may be a secret stays out of them. */
  #planFile(
    part: string,
    path: string,
    written: NonNullable<PartInput['files']>[string],
    values: ReadonlyMap<string, string>,
  ) {
    const where = ['parts', part, 'files', path]
    const text = typeof written === 'string' ? written : this.#readTemplate(written.from)
    if (text === undefined) {
      const from = typeof written === 'string' ? '' : written.from
      this.#complain([...where, 'from'], `The file ${from} cannot be read, seen from the lab. Correct the path.`)
      return { path, text: '' }
    }
    const secret = namesIn(text).find((name) => name.startsWith('env.'))
    if (secret !== undefined)
      this.#complain(where, `"\${${secret}}" may be a secret and is not written to a file. Pass it in environment.`)
    return { path, text: this.#fill(where, text, values) }
  }

  #readTemplate(from: string): string | undefined {
    return this.#setting.readText(resolve(this.#setting.folder, from))
  }

  #readTemplates({ files = {} }: PartInput): (string | null)[] {
    return Object.values(files).map((file) =>
      typeof file === 'string' ? null : (this.#readTemplate(file.from) ?? null),
    )
  }

  #planLinks(caller: string, input: PartInput): LinkPlan[] {
    const { portBase } = this.#setting
    return Object.entries(input.links ?? {})
      .filter(([target]) => this.#members.includes(target))
      .map(([target, port]) => {
        const { port: first = 0, instances = 1 } = this.#lab.input.parts[target] ?? {}
        const targetPorts = Array.from({ length: instances }, (_, i) => first + i + portBase)
        return { name: `${caller}>${target}`, caller, target, port: port + portBase, targetPorts }
      })
  }

  #planVerify(): VerifyPlan | undefined {
    const { verify } = this.#lab.input
    if (!verify) return undefined
    return {
      command: verify.command.map((word, i) => this.#fill(['verify', 'command', i], word, this.#shared)),
      environment: this.#fillLayers(this.#shared, [
        this.#profileLayer(),
        [['verify', 'environment'], verify.environment],
      ]),
      withinMs: verify.within ?? VERIFY_WITHIN_MS,
    }
  }

  #fill(path: PathStep[], text: string, values: ReadonlyMap<string, string>): string {
    const filled = fillIn(text, values)
    if ('text' in filled) return filled.text
    this.#complain(path, filled.mistake)
    return text
  }

  /** Instances of a part share their text: each mistake is said once. */
  #complain(path: readonly PathStep[], message: string): void {
    const where = locate(this.#lab.value, path, this.#lab.file)
    const isKnown = this.problems.some(
      (known) => known.message === message && known.where.line === where.line && known.where.column === where.column,
    )
    if (!isKnown) this.problems.push({ where, message })
  }
}
