import type { Position } from '../../source/index.ts'
import type { Expectation, Selector } from './expectation.ts'

/** How a block is carried out; `manual` by a person, who ticks it. */
export type BlockKind = 'bash' | 'sql' | 'http' | 'promql' | 'manual'

/**
 * What a block is for. A `step` is done in its turn; a `branch` is the condition of the section that it opens; a
 * `verify` is looked at after the step that it names, an `undo` is done when a run is aborted after that step.
 */
export type Role = 'step' | 'branch' | 'verify' | 'undo'

/** One fenced block of a page, checked. */
export interface Block {
  readonly kind: BlockKind
  /** The environment that it is for; undefined: every one that has no block of its own. */
  readonly on: string | undefined
  readonly content: string
  readonly where: Position
  /** Of bash: whether a shell reads it. Without, it is one command in words. */
  readonly hasShell: boolean
  readonly timeoutMs: number
  readonly retries: number
  readonly everyMs: number
  readonly expects: readonly Expectation[]
  /** Which exit or HTTP status is good; undefined: 0, or 200 to 299. */
  readonly status: string | undefined
  readonly captures: readonly Capture[]
  readonly isDangerous: boolean
  readonly approver: string | undefined
  /** Programs that have to be there. */
  readonly needs: readonly string[]
  /** Names of the environment that it is given. */
  readonly env: readonly string[]
  /** Where SQL and PromQL go: a URL, or `env:NAME`. */
  readonly to: string | undefined
  /** The recovery is complete once this holds. */
  readonly isRecovery: boolean
  /** Of a branch: it holds when no other one did. */
  readonly isOtherwise: boolean
}

export interface Capture {
  readonly name: string
  readonly selector: Selector
}

/** Something to do or to look at: one block, or one for each environment. */
export interface Action {
  readonly id: string
  readonly role: Role
  readonly blocks: readonly Block[]
  /** What the page says right before it. */
  readonly intro: string
  /** The headings that it stands under, outermost first. */
  readonly headings: readonly string[]
}

export interface Step extends Action {
  readonly verify: Action | undefined
  readonly undo: Action | undefined
}

/** A section that is gone through only when its condition holds. */
export interface Branch {
  readonly heading: string
  readonly condition: Action
  readonly items: readonly Item[]
}

export type Item =
  | { readonly kind: 'step'; readonly step: Step }
  /** Sections side by side: the first whose condition holds is taken. */
  | { readonly kind: 'choice'; readonly branches: readonly Branch[] }

/** A variable that a page starts with: an operator is asked for it, or the page says its usual value itself. */
export interface Prompt {
  readonly name: string
  /** Empty: nobody is asked, the usual value counts. */
  readonly ask: string
  readonly pattern: string | undefined
  readonly oneOf: readonly string[]
  readonly fallback: string | undefined
  readonly isSecret: boolean
}

/** A page that can be run. */
export interface Runbook {
  readonly name: string
  readonly title: string
  readonly file: string
  readonly components: readonly string[]
  readonly alerts: readonly string[]
  readonly severity: string | undefined
  readonly targetMs: number | undefined
  readonly review: string | undefined
  /** Where commands run, seen from the folder of the page. */
  readonly folder: string
  readonly prompts: readonly Prompt[]
  /** Names of the environment and of captures whose values are never shown or kept. */
  readonly secrets: readonly string[]
  /** Dangerous steps that may be done unattended. */
  readonly unattended: readonly string[]
  readonly items: readonly Item[]
  /** Where each key of the front matter stands. */
  readonly whereOf: (key: string) => Position
}

/** The claim that a run of this page can prove. */
export function claimOf({ name }: Pick<Runbook, 'name'>): string {
  return `runbook:${name}`
}

/** Every step of a page, in its order, whatever branch it is in. */
export function listSteps(items: readonly Item[]): Step[] {
  return items.flatMap((item) => (item.kind === 'step' ? item.step : item.branches.flatMap((b) => listSteps(b.items))))
}

/** Steps, conditions, verifications and undos. */
export function listActions(items: readonly Item[]): Action[] {
  return items.flatMap((item) =>
    item.kind === 'step'
      ? [item.step, item.step.verify, item.step.undo].filter((action) => action !== undefined)
      : item.branches.flatMap(({ condition, items }) => [condition, ...listActions(items)]),
  )
}
