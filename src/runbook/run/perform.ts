import { judge, type Selector, select } from '../format/expectation.ts'
import { fillText, listVariables, makeOperation, type Operation } from '../format/operation.ts'
import { refuseAnswer } from '../format/prompt.ts'
import type { Action, Block } from '../format/runbook.ts'
import { cleanText, hideSecrets } from './clean-text.ts'
import type { EndEntry, State } from './journal.ts'
import { AbortError, type RunContext } from './run-context.ts'
import type { Outcome } from './runner.ts'

type Ended = Partial<Pick<EndEntry, 'output' | 'captured'>> & { readonly state: State; readonly because: string }

/**
 * Does one action to its end and writes that down: begin, as often as it may be tried, end. Whether its steps go on is
 * not decided here.
 */
export async function perform(context: RunContext, action: Action): Promise<EndEntry> {
  const block = chooseBlock(action, context.environment)
  context.operator.tell({ kind: 'next', action })
  if (!block) {
    context.operator.tell({ kind: 'step', action, block: undefined, shown: '' })
    return end(context, action, { state: 'left', because: elsewhere(action, context.environment) })
  }
  if (block.kind === 'manual') return performByHand(context, action, block)
  const missing = findMissing(context, block)
  await answerPrompts(context, block)
  const shown = show(context, block)
  context.operator.tell({ kind: 'step', action, block, shown })
  if (missing !== undefined) return end(context, action, { state: 'failed', because: missing })
  if (block.isDangerous && !(await isApproved(context, { action, block, shown })))
    return end(context, action, { state: 'failed', because: 'nobody approved it, so it was not done' })
  begin(context, action, shown)
  return end(context, action, await tryUntilGood(context, block))
}

/** The fence for this environment, else the one for every other. */
export function chooseBlock({ blocks }: Action, environment: string): Block | undefined {
  return blocks.find(({ on }) => on === environment) ?? blocks.find(({ on }) => on === undefined)
}

/** Looking again changes nothing: after a crash it needs no question. */
export function isHarmless(action: Action, environment: string): boolean {
  const block = chooseBlock(action, environment)
  if (!block) return false
  // Whoever ticks is asked once more.
  if (block.kind === 'manual') return true
  if (block.isDangerous) return false
  return (
    block.kind === 'sql' || block.kind === 'promql' || (block.kind === 'http' && /^(GET|HEAD)\s/.test(block.content))
  )
}

function begin(context: RunContext, { id, role }: Action, shown: string): void {
  context.journal.append({ kind: 'begin', at: context.clock.now(), id, role, shown })
}

/** Writes the end of an action down and tells it; what is secret stays out of both. */
export function end(context: RunContext, action: Action, ended: Ended): EndEntry {
  const { journal, clock, secrets, runbook } = context
  const captured = Object.entries(ended.captured ?? {})
  for (const [name, value] of captured) {
    context.variables.set(name, value)
    if (runbook.secrets.includes(name)) secrets.set(name, value)
  }
  const open = captured.filter(([, value]) => hideSecrets(value, secrets) === value)
  const entry: EndEntry = {
    kind: 'end',
    at: clock.now(),
    id: action.id,
    role: action.role,
    state: ended.state,
    output: cleanText(hideSecrets(ended.output ?? '', secrets)),
    because: cleanText(hideSecrets(ended.because, secrets), 1_000),
    captured: Object.fromEntries(open),
    isRecovery: chooseBlock(action, context.environment)?.isRecovery === true,
  }
  const began = journal.entries.findLast(
    (one) => one.kind === 'begin' && one.id === action.id && one.role === action.role,
  )
  journal.append(entry)
  context.operator.tell({ kind: 'end', action, end: entry, tookMs: began ? entry.at - began.at : 0 })
  return entry
}

async function isApproved(
  { operator, journal, clock }: RunContext,
  request: { action: Action; block: Block; shown: string },
): Promise<boolean> {
  const granted = await operator.approve(request)
  const { action, block } = request
  const approver = block.approver ?? 'the operator'
  journal.append({ kind: 'approval', at: clock.now(), id: action.id, approver, granted })
  return granted
}

async function performByHand(context: RunContext, action: Action, block: Block): Promise<EndEntry> {
  await answerPrompts(context, block)
  const shown = show(context, block)
  context.operator.tell({ kind: 'step', action, block, shown })
  begin(context, action, shown)
  const state = await context.operator.tick(action, shown)
  const because = { ok: 'ticked by the operator', skipped: 'skipped by the operator', left: 'left for a person' }[state]
  return end(context, action, { state, because })
}

function elsewhere({ blocks }: Action, environment: string): string {
  const names = [...new Set(blocks.flatMap(({ on }) => on ?? []))]
  return `it needs ${names.join(' or ')}, and this run is on ${environment}`
}

function findMissing({ runner, env }: RunContext, block: Block): string | undefined {
  const programs = runner.lacks(block.needs)
  if (programs.length > 0) return `it needs ${programs.join(', ')}, which this machine does not have`
  const names = [...block.env, ...(block.to?.startsWith('env:') ? [block.to.slice('env:'.length)] : [])]
  const unset = names.filter((name) => env[name] === undefined)
  return unset.length > 0 ? `it needs ${unset.join(', ')} in the environment. Set it and run again` : undefined
}

/** Asks for whatever the block uses and nobody has said yet. */
async function answerPrompts(context: RunContext, block: Block): Promise<void> {
  const { runbook, variables, secrets, journal, clock, operator } = context
  for (const name of namesIn(block)) {
    if (variables.has(name)) continue
    const prompt = runbook.prompts.find((one) => one.name === name)
    const answer = prompt?.ask === '' ? prompt.fallback : prompt && (await operator.ask(prompt))
    if (!prompt) throw new AbortError(`{{${name}}} has no value: the step that captures it did not find it`)
    if (answer === undefined) throw new AbortError(`nobody answers "${prompt.ask}". Give it with --var ${name}=VALUE`)
    const refusal = refuseAnswer(prompt, answer)
    if (refusal !== undefined) throw new AbortError(refusal)
    variables.set(name, answer)
    if (prompt.isSecret) secrets.set(name, answer)
    else journal.append({ kind: 'answer', at: clock.now(), name, value: answer })
  }
}

function namesIn({ content, expects, to = '' }: Block): string[] {
  const texts = expects.map((one) => (one.kind === 'text' ? one.text : one.kind === 'json' ? one.operand : ''))
  return [...new Set([content, to, ...texts].flatMap((text) => listVariables(text).map(({ name }) => name)))]
}

/** The block as a person would type it, without what is secret. */
function show({ variables, secrets }: RunContext, { content }: Block): string {
  return cleanText(hideSecrets(fillText(content.trimEnd(), variables), secrets))
}

async function tryUntilGood(context: RunContext, block: Block): Promise<Ended> {
  for (let left = block.retries; ; left--) {
    const ended = await tryOnce(context, block)
    if (ended.state === 'ok' || left === 0 || context.signal.aborted) return ended
    context.operator.tell({ kind: 'again', because: ended.because, leftTries: left })
    await context.clock.wait(block.everyMs, context.signal)
  }
}

async function tryOnce(context: RunContext, block: Block): Promise<Ended> {
  const { runner, env, folder, signal, variables } = context
  const operation = resolveTarget(makeOperation(block, variables), env)
  const environment = Object.fromEntries(block.env.map((name) => [name, env[name] ?? '']))
  const outcome = await runner.run(operation, { timeoutMs: block.timeoutMs, signal, environment, folder })
  // Stopped by hand: nobody knows whether it was done, so no end of it is written.
  if (signal.aborted) throw new StoppedError()
  const output = outcome.errors === '' ? outcome.output : `${outcome.output}${gap(outcome.output)}${outcome.errors}`
  const because = judgeOutcome(context, block, outcome)
  if (because.state === 'failed') return { ...because, output }
  const captured = capture(block, outcome.output)
  if (typeof captured === 'string') return { state: 'failed', because: captured, output }
  return { ...because, output, captured }
}

/** Thrown when Ctrl-C met a step in the middle. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

function resolveTarget(operation: Operation, env: RunContext['env']): Operation {
  if (operation.kind !== 'sql' && operation.kind !== 'promql') return operation
  const name = /^env:(\w+)$/.exec(operation.to)?.[1]
  return name === undefined ? operation : { ...operation, to: env[name] ?? '' }
}

function gap(output: string): string {
  return output === '' || output.endsWith('\n') ? '' : '\n'
}

function judgeOutcome({ variables }: RunContext, block: Block, outcome: Outcome): { state: State; because: string } {
  if (outcome.failure !== undefined) return { state: 'failed', because: outcome.failure }
  const usual = block.kind === 'http' ? '2xx' : '0'
  const wanted = block.status ?? usual
  if (outcome.status !== undefined && !isStatus(outcome.status, wanted))
    return { state: 'failed', because: `its status is ${outcome.status}, and should be ${wanted}` }
  const found: string[] = []
  for (const expectation of block.expects) {
    const filled =
      expectation.kind === 'text'
        ? { ...expectation, text: fillText(expectation.text, variables) }
        : expectation.kind === 'json'
          ? { ...expectation, operand: fillText(expectation.operand, variables) }
          : expectation
    const judged = judge(filled, outcome.output)
    const written = fillText(expectation.written, variables)
    if (!judged.holds) return { state: 'failed', because: `expected ${written}: ${judged.found}` }
    found.push(judged.found === written ? `as expected: ${written}` : `as expected: ${written} (${judged.found})`)
  }
  if (found.length > 0) return { state: 'ok', because: found.join('; ') }
  return { state: 'ok', because: outcome.status === undefined ? 'done' : `its status is ${outcome.status}` }
}

function isStatus(status: number, wanted: string): boolean {
  if (wanted === 'any') return true
  if (wanted.endsWith('xx')) return Math.floor(status / 100) === Number(wanted[0])
  const [from = 0, to = from] = wanted.split('-').map(Number)
  return status >= from && status <= to
}

/** What the block looks for in its output; a text says what is not there. */
function capture({ captures }: Block, output: string): Record<string, string> | string {
  const found: Record<string, string> = {}
  for (const { name, selector } of captures) {
    const value = select(selector, output)
    if (value === undefined) return `${name} was not found: ${writeSelector(selector)}`
    found[name] = value
  }
  return found
}

function writeSelector(selector: Selector): string {
  return selector.kind === 'regex' ? String(selector.pattern) : selector.text
}
