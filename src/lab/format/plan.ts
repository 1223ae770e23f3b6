/** What a lab runs, with every variable filled in. Plain data: it travels to the supervisor as JSON and never to disk. */
export interface LabPlan {
  readonly lab: string
  /** The folder of `lab.yaml`. */
  readonly folder: string
  readonly profile: string
  readonly portBase: number
  /** The environment of what its parts stand for, when others run that; undefined: it is a lab's own. */
  readonly outside: string | undefined
  readonly instances: readonly InstancePlan[]
  readonly links: readonly LinkPlan[]
  /** Machines of their own that instances run on, each with its own address. */
  readonly machines: readonly MachinePlan[]
  readonly verify: VerifyPlan | undefined
  /** What `${port.stock}` and the like stand for outside of parts; nothing of the environment. */
  readonly names: Readonly<Record<string, string>>
}

export interface InstancePlan {
  /** `stock`, or `stock.2` when the part has several. */
  readonly name: string
  readonly part: string
  readonly kind: 'postgresql' | undefined
  readonly command: readonly string[]
  readonly prepare: { readonly command: readonly string[]; readonly unless: string | undefined } | undefined
  readonly folder: string
  readonly dataFolder: string
  readonly user: string | undefined
  /** Undefined: this computer itself, on 127.0.0.1. */
  readonly machine: MachinePlan | undefined
  readonly environment: Readonly<Record<string, string>>
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly ports: readonly number[]
  /** Parts of the same profile that are ready before it starts. */
  readonly dependsOn: readonly string[]
  readonly ready: ReadyCheck | undefined
  readonly readyWithinMs: number
  readonly restart: { readonly when: 'always' | 'on-failure' | 'never'; readonly attempts: number }
  readonly stop: { readonly signal: NodeJS.Signals; readonly withinMs: number }
  readonly faults: readonly DeclaredFault[]
  /** Debian packages that it runs from. */
  readonly packages: readonly string[]
  readonly figures: readonly Figure[]
  readonly pages: readonly Page[]
  /** Of what `lab.yaml` says of it, before variables are filled in: holds no value of the environment. */
  readonly digest: string
}

export type ReadyCheck =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'log'; readonly pattern: string }
  | { readonly kind: 'command'; readonly command: readonly string[] }
  /** It is a job: ready once it has ended with status 0. */
  | { readonly kind: 'end' }

/** What an instance says of itself, such as its role in a cluster. */
export interface Figure {
  readonly name: string
  /** `http:` answers JSON, `redis:` answers INFO. */
  readonly url: string
  readonly field: string
}

/** What an instance shows to people in a browser. */
export interface Page {
  readonly title: string
  readonly url: string
}

/** A fault that a part declares. `${setting.NAME}` is filled in when it is applied. */
export interface DeclaredFault {
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
  readonly apply: Call
  readonly mend: Call
}

export type Call =
  | { readonly kind: 'http'; readonly method: string; readonly url: string; readonly body: unknown }
  | { readonly kind: 'command'; readonly command: readonly string[] }

/** A network namespace that stands for a machine: what runs on it can be cut off from the network. */
export interface MachinePlan {
  /** `database.2`. */
  readonly name: string
  readonly namespace: string
  readonly address: string
  /** The end of its cable outside of it. */
  readonly cable: string
  /** What the cables of all machines of the lab lead to, and the address of this computer there. */
  readonly bridge: { readonly name: string; readonly address: string }
}

/** A proxy between a caller and the instances of a target. */
export interface LinkPlan {
  /** `shop>stock`. */
  readonly name: string
  readonly caller: string
  readonly target: string
  readonly port: number
  readonly targetPorts: readonly number[]
}

export interface VerifyPlan {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly withinMs: number
}
