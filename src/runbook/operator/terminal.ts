import { createInterface } from 'node:readline'
import { type Readable, Writable } from 'node:stream'
import { refuseAnswer } from '../format/prompt.ts'
import type { Prompt } from '../format/runbook.ts'
import { type Operator, StopError } from '../run/operator.ts'
import { createNarrator } from './narrate.ts'
import type { Paint } from './paint.ts'

export interface Terminal {
  readonly input: Readable & { isTTY?: boolean }
  readonly output: Writable
  readonly paint: Paint
}

/** A person who reads, answers and decides. `stop`, or the end of the input, stops the run; it can be resumed. */
export function createTerminalOperator({ input, output, paint }: Terminal): Operator & { close(): void } {
  const tell = createNarrator((text) => output.write(text), paint)
  /** Set while a secret is typed. */
  let isHidden = false
  const isTerminal = input.isTTY === true
  const echo = isTerminal ? echoTo(output, () => isHidden) : undefined
  const reader = createInterface({ input, terminal: isTerminal, ...(echo && { output: echo }) })
  const lines = readLines(reader)
  const ask = async (question: string): Promise<string> => {
    output.write(`  ${paint.bold(question)} `)
    const answer = await lines.next()
    if (answer === undefined || answer.trim() === 'stop') throw new StopError('stopped by the operator')
    return answer.trim()
  }
  const choose = async <T extends string>(question: string, choices: Readonly<Record<string, T>>): Promise<T> => {
    for (;;) {
      const choice = choices[(await ask(`${question} [${Object.keys(choices).join('/')}/stop]`)).toLowerCase()]
      if (choice !== undefined) return choice
    }
  }
  const askPrompt = async (prompt: Prompt): Promise<string> => {
    for (;;) {
      const hint = prompt.oneOf.length > 0 ? ` (${prompt.oneOf.join(', ')})` : ''
      const usual = prompt.fallback === undefined ? '' : ` [${prompt.fallback}]`
      isHidden = prompt.isSecret
      const answer =
        (await ask(`${prompt.ask}${hint}${usual}:`).finally(() => {
          isHidden = false
        })) ||
        (prompt.fallback ?? '')
      const refusal = refuseAnswer(prompt, answer)
      if (refusal === undefined) return answer
      output.write(`  ${refusal}\n`)
    }
  }
  return {
    tell,
    ask: askPrompt,
    approve: async ({ block }) => {
      const approver = block.approver ?? 'you'
      const question = `This is dangerous. Approver: ${approver}. Is it approved?`
      return (await choose(question, { yes: 'yes', no: 'no' })) === 'yes'
    },
    tick: async () => await choose('Done?', { done: 'ok', skip: 'skipped' }),
    afterFailure: async () => await choose('It failed. What now?', { again: 'again', skip: 'skip', abort: 'abort' }),
    interrupted: async ({ id }) =>
      await choose(`The run ended while ${id} was under way. Do it again, was it done, or abort?`, {
        again: 'again',
        done: 'done',
        abort: 'abort',
      }),
    take: async (heading) =>
      (await choose(`It looks like: ${heading}. Go this way?`, { yes: 'yes', no: 'no' })) === 'yes',
    close: () => reader.close(),
  }
}

/** Lines as they come, also those that came before anybody asked; undefined when there are no more. */
function readLines(reader: ReturnType<typeof createInterface>) {
  const waiting: ((line: string | undefined) => void)[] = []
  const early: string[] = []
  let isClosed = false
  reader.on('line', (line) => {
    const next = waiting.shift()
    if (next) next(line)
    else early.push(line)
  })
  reader.once('close', () => {
    isClosed = true
    for (const next of waiting) next(undefined)
  })
  return {
    next: (): Promise<string | undefined> => {
      if (early.length > 0 || isClosed) return Promise.resolve(early.shift())
      return new Promise((resolve) => waiting.push(resolve))
    },
  }
}

/** Where the line editor echoes what is typed: nowhere while a secret is. */
function echoTo(output: Writable, isHidden: () => boolean): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      if (!isHidden()) output.write(chunk)
      done()
    },
  })
}
