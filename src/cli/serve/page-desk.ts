import { readFileSync } from 'node:fs'
import type { HubPageRun, Person, RunLine, RunQuestion } from '../../hub/index.ts'
import { mayDo } from '../../hub/index.ts'
import { type Operator, type RunEvent, type RunResult, refuseAnswer, StopError } from '../../runbook/index.ts'
import { unreachable } from '../../source/index.ts'
import { requirePage } from '../find-runbooks.ts'
import { carryOut, keep, nameRun, placesOf } from '../run-runbook.ts'
import type { Audit } from './audit.ts'

const LINES_MAX = 500
const TEXT_MAX = 20_000

interface PageDeskOptions {
  readonly vault: string
  readonly signal: AbortSignal
  readonly audit: Audit
  readonly onChange: (run: HubPageRun) => void
}

export interface PageDesk {
  readonly runPage: (name: string, by: Person) => Promise<void>
  readonly answer: (id: number, value: string, by: Person) => Promise<void>
  readonly stopPage: (by: Person) => Promise<void>
  readonly settled: () => Promise<void>
}

type Draft = { -readonly [Key in keyof HubPageRun]: HubPageRun[Key] }

/** Carries out one runbook at a time; whoever looks sees the same, and whoever may answers. */
export function createPageDesk({ vault, signal, audit, onChange }: PageDeskOptions): PageDesk {
  let run: Draft | undefined
  let waiting: Waiting | undefined
  let stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const tell = () => run && onChange({ ...run })

  async function runPage(name: string, by: Person): Promise<void> {
    if (run && run.state !== 'ended') throw new Error(`${run.runbook} is under way. Finish it, or stop it.`)
    const { source, runbook } = requirePage(name, vault)
    audit({ by: by.name, did: `run page ${name}`, outcome: 'started' })
    stopping = new AbortController()
    const draft = begin(runbook.name, { title: runbook.title, targetMs: runbook.targetMs, by: by.name })
    run = draft
    const places = placesOf(runbook, {})
    const end = AbortSignal.any([signal, stopping.signal])
    const operator = createWebOperator({
      onLine: (line) => {
        draft.lines = [...draft.lines, line].slice(-LINES_MAX)
        tell()
      },
      onQuestion: (asked) => {
        waiting = asked
        draft.question = asked?.question
        draft.state = asked ? 'waiting' : 'running'
        tell()
      },
      signal: end,
    })
    const options = { on: 'lab', places, run: nameRun(runbook), operator, isUnattended: false, given: {} }
    running = carryOut({ source, runbook }, { ...options, signal: end })
      .then((result) => conclude(draft, result, keep(result, places.transcripts, { postMortem: true })))
      .catch((error: unknown) => giveUp(draft, error))
      .finally(() => {
        audit({ by: by.name, did: `run page ${name}`, outcome: draft.result?.ending ?? draft.trouble ?? 'ended' })
        tell()
      })
    tell()
  }

  async function answer(id: number, value: string, by: Person): Promise<void> {
    if (waiting?.question.id !== id) throw new Error('This question was answered already.')
    const { question, settle } = waiting
    if (!mayDo(by, question.role)) throw new Error(`This takes the role ${question.role}; yours is ${by.role}.`)
    if (question.choices && !question.choices.includes(value))
      throw new Error(`Answer one of ${question.choices.join(', ')}.`)
    audit({ by: by.name, did: `answer ${run?.runbook}: ${question.kind}`, outcome: question.isSecret ? '…' : value })
    settle(value)
  }

  async function stopPage(by: Person): Promise<void> {
    if (!run || run.state === 'ended') throw new Error('No runbook is under way.')
    audit({ by: by.name, did: `stop page ${run.runbook}`, outcome: 'stopping' })
    stopping.abort()
  }
  return { runPage, answer, stopPage, settled: () => running }
}

interface Waiting {
  readonly question: RunQuestion
  readonly settle: (value: string) => void
}

interface WebOperatorOptions {
  readonly onLine: (line: RunLine) => void
  readonly onQuestion: (asked: Waiting | undefined) => void
  readonly signal: AbortSignal
}

/** Decisions come from whoever answers first in a browser. */
function createWebOperator({ onLine, onQuestion, signal }: WebOperatorOptions): Operator {
  let count = 0
  const say = (kind: RunLine['kind'], text: string) => {
    if (text.trim() !== '') onLine({ at: new Date().toISOString(), kind, text: text.slice(0, TEXT_MAX) })
  }
  const put = (question: Omit<RunQuestion, 'id'>): Promise<string> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new StopError('stopped'))
      const stop = () => {
        onQuestion(undefined)
        reject(new StopError('stopped'))
      }
      signal.addEventListener('abort', stop, { once: true })
      const settle = (value: string) => {
        signal.removeEventListener('abort', stop)
        onQuestion(undefined)
        say('answer', question.isSecret ? '…' : value)
        resolve(value)
      }
      count += 1
      onQuestion({ question: { id: count, ...question }, settle })
    })
  const choose = <Choice extends string>(kind: RunQuestion['kind'], text: string, choices: readonly Choice[]) =>
    put({ kind, text, choices, isSecret: false, role: 'operator', fallback: undefined }) as Promise<Choice>
  return {
    tell: (event) => tellEvent(event, say),
    // Asked until it fits, as at a terminal: a slip of the pen must not abort a recovery.
    async ask(prompt) {
      const { ask, oneOf, fallback, isSecret } = prompt
      const choices = oneOf.length > 0 ? oneOf : undefined
      for (;;) {
        const given = await put({ kind: 'ask', text: ask, choices, isSecret, role: 'operator', fallback })
        const value = given === '' ? (fallback ?? '') : given
        const refusal = refuseAnswer(prompt, value)
        if (refusal === undefined) return value
        say('note', refusal)
      }
    },
    async approve({ action, block, shown }) {
      const text = `${action.id} is dangerous and takes the approval of ${block.approver ?? 'an approver'}:\n${shown}`
      const question = {
        kind: 'approve',
        text,
        choices: ['approve', 'refuse'],
        isSecret: false,
        fallback: undefined,
      } as const
      return (await put({ ...question, role: 'approver' })) === 'approve'
    },
    async tick(action, text) {
      const done = await choose('tick', `${action.id}: ${text}`, ['done', 'skip'])
      return done === 'done' ? 'ok' : 'skipped'
    },
    afterFailure: ({ id }, because) => choose('failure', `${id} failed: ${because}`, ['again', 'skip', 'abort']),
    interrupted: ({ id }) =>
      choose('interrupted', `${id} was in the middle when the run ended.`, ['again', 'done', 'abort']),
    take: async (heading) => (await choose('branch', `Go on with "${heading}"?`, ['yes', 'no'])) === 'yes',
  }
}

function tellEvent(event: RunEvent, say: (kind: RunLine['kind'], text: string) => void): void {
  switch (event.kind) {
    case 'next':
      say('heading', event.action.headings.join(' › '))
      say('says', event.action.intro)
      break
    case 'step':
      say('does', event.shown)
      break
    case 'again':
      say('note', `again, ${event.leftTries} left: ${event.because}`)
      break
    case 'end':
      say('shows', event.end.output)
      say(event.end.state, `${event.action.id}: ${event.end.because} (${(event.tookMs / 1000).toFixed(1)} s)`)
      break
    case 'branch':
      say('note', `${event.taken ? 'taken' : 'passed over'}: ${event.heading}`)
      break
    case 'note':
      say('note', event.text)
      break
    default:
      unreachable(event)
  }
}

function begin(runbook: string, of: { title: string; targetMs: number | undefined; by: string }): Draft {
  const startedAt = new Date().toISOString()
  return {
    runbook,
    ...of,
    startedAt,
    state: 'running',
    question: undefined,
    lines: [],
    result: undefined,
    trouble: undefined,
  }
}

function conclude(draft: Draft, result: RunResult, kept: { transcript: string; postMortem: string | undefined }): void {
  const { ending, because, rtoMs, isInTime, steps } = result
  draft.state = 'ended'
  draft.result = {
    ending,
    because,
    rtoMs,
    isInTime,
    steps: steps.map(({ id, state, tookMs }) => ({ id, state, tookMs })),
    transcript: readFileSync(kept.transcript, 'utf8'),
    postMortem: kept.postMortem === undefined ? undefined : readFileSync(kept.postMortem, 'utf8'),
  }
}

function giveUp(draft: Draft, error: unknown): void {
  draft.state = 'ended'
  draft.question = undefined
  draft.trouble = error instanceof Error ? error.message : String(error)
}
