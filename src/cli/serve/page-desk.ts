import { readFileSync } from 'node:fs'
import { type HubPageRun, mayDo, type Person, type StartOfRun } from '../../hub/index.ts'
import { type Runbook, type RunResult, refuseAnswer } from '../../runbook/index.ts'
import { requirePage } from '../find-runbooks.ts'
import { carryOut, keep, listOpenRuns, nameRun, type Places, placesOf } from '../run-runbook.ts'
import type { Audit } from './audit.ts'
import { createWebOperator, type Waiting } from './web-operator.ts'

const LINES_MAX = 500

interface PageDeskOptions {
  readonly vault: string
  readonly signal: AbortSignal
  readonly audit: Audit
  readonly onChange: (run: HubPageRun) => void
}

export interface PageDesk {
  readonly runPage: (name: string, start: StartOfRun, by: Person) => Promise<void>
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

  async function runPage(name: string, { answers, resume }: StartOfRun, by: Person): Promise<void> {
    if (run && run.state !== 'ended') throw new Error(`${run.runbook} is under way. Finish it, or stop it.`)
    const { source, runbook } = requirePage(name, vault)
    const places = placesOf(runbook, {})
    const given = checkAnswers(runbook, answers)
    const { run: id, on } = chooseRun(runbook, places, resume)
    const did = resume === undefined ? `run page ${name}` : `resume page ${name}`
    audit({ by: by.name, did, outcome: 'started' })
    stopping = new AbortController()
    const draft = begin(runbook.name, { title: runbook.title, targetMs: runbook.targetMs, by: by.name })
    run = draft
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
    const options = { on, places, run: id, operator, isUnattended: false, given }
    running = carryOut({ source, runbook }, { ...options, signal: end })
      .then((result) => conclude(draft, result, keep(result, places.transcripts, { postMortem: true })))
      .catch((error: unknown) => giveUp(draft, error))
      .finally(() => {
        audit({ by: by.name, did, outcome: draft.result?.ending ?? draft.trouble ?? 'ended' })
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

/** Throws an `Error` with the first that is none; an empty one is left to be asked. */
function checkAnswers({ prompts, name: page }: Runbook, answers: StartOfRun['answers']): Record<string, string> {
  const given = Object.entries(answers).filter(([, value]) => value !== '')
  for (const [name, value] of given) {
    const prompt = prompts.find((known) => known.name === name)
    if (!prompt) throw new Error(`${page} asks for no "${name}".`)
    const refusal = refuseAnswer(prompt, value)
    if (refusal !== undefined) throw new Error(refusal)
  }
  return Object.fromEntries(given)
}

/** Where a run began, it goes on. */
function chooseRun(runbook: Runbook, { journals }: Places, resume: string | undefined): { run: string; on: string } {
  if (resume === undefined) return { run: nameRun(runbook), on: 'lab' }
  const open = listOpenRuns(runbook.name, journals).find(({ run }) => run === resume)
  if (!open) throw new Error(`There is no run "${resume}" of ${runbook.name} to go on with.`)
  return { run: open.run, on: open.start.environment }
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
