import type { LabFile, LabPlan } from '../../lab/index.ts'

/** One fault on one target. Plain data: it is on disk before the fault is applied, so that any process can undo it. */
export interface FaultJob {
  readonly id: string
  /** The run that it belongs to. */
  readonly run: string
  readonly drill: string
  /** Which `FaultKind` undoes it. */
  readonly kind: string
  /** What it is called in the drill, such as `hang` of a part that declares it. */
  readonly fault: string
  /** An instance, a link, or `machine`. */
  readonly target: string
  readonly settings: Readonly<Record<string, string>>
  readonly plannedAt: string
  /** The end of its time to live: the watchdog undoes it then. */
  readonly expiresAt: string
  /** What was true of the target before, for the checks. */
  readonly before: Readonly<Record<string, string | number>>
  /** Undos that failed so far, and why the last one did. */
  readonly failures: number
  readonly lastError: string | undefined
}

/** Where faults happen. */
export interface Scene {
  readonly labFile: LabFile
  /** The environment that it stands for, when others run that; a run on it was confirmed. */
  readonly outside?: string | undefined
  /** `.linchpin/drills/<lab>`: the journal, helpers' files, runs. */
  readonly folder: string
  /** The command that runs linchpin, for helper processes. */
  readonly self: readonly string[]
}

export interface Wish {
  readonly fault: string
  readonly target: string
  readonly settings: Readonly<Record<string, string>>
}

/** What a wish really hits. */
export type Choice =
  | { readonly targets: readonly string[]; readonly settings: Readonly<Record<string, string>> }
  | { readonly mistake: string }

/** Whether a fault was seen to do what it is for, and how one can tell. */
export interface Sighting {
  readonly isSeen: boolean
  readonly how: string
}

/** The contract of a fault: docs/guide/new-fault.md. Every function may be called again, by another process. */
export interface FaultKind {
  readonly name: string
  /** As a sentence about the target, for a dry run. */
  readonly title: string
  /** The failure modes of the model that it may amount to. */
  readonly modes: readonly ('crash' | 'hang')[]
  choose(wish: Wish, lab: LabPlan): Choice
  /** What this machine lacks for it; undefined when nothing. */
  lacks(): string | undefined
  /** What has to be known of the target before it is applied. */
  note(job: FaultJob, scene: Scene): Promise<FaultJob['before']>
  apply(job: FaultJob, scene: Scene): Promise<void>
  /** Whether it landed. Asked again and again while it holds; undefined: only the drill can tell, by a probe. */
  sight(job: FaultJob, scene: Scene): Promise<Sighting | undefined>
  /** Undoes it, wholly applied or not; throws when it is still there. */
  undo(job: FaultJob, scene: Scene): Promise<void>
  /** What is left of it after the undo; undefined when nothing. */
  residue(job: FaultJob, scene: Scene): Promise<string | undefined>
}
