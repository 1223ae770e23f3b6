import type { RunLine, RunQuestion } from '../../hub/index.ts'
import { type Operator, type RunEvent, refuseAnswer, StopError } from '../../runbook/index.ts'
import { unreachable } from '../../source/index.ts'

const TEXT_MAX = 20_000

/** A question, and what its answer does. */
export interface Waiting {
  readonly question: RunQuestion
  readonly settle: (value: string) => void
}

interface WebOperatorOptions {
  readonly onLine: (line: RunLine) => void
  readonly onQuestion: (asked: Waiting | undefined) => void
  readonly signal: AbortSignal
}

/** Decisions come from whoever answers first in a browser. */
export function createWebOperator({ onLine, onQuestion, signal }: WebOperatorOptions): Operator {
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
