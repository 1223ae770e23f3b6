import { formatDuration } from '../../source/index.ts'
import type { Action, Block, Item, Runbook } from '../format/runbook.ts'
import { cleanText } from '../run/clean-text.ts'
import { chooseBlock } from '../run/perform.ts'

/** `--dry-run`: everything that a run might do on an environment, in its order. Nothing is carried out. */
export function writePlan(runbook: Runbook, environment: string): string {
  const { name, title, components, severity, targetMs, prompts } = runbook
  const target = targetMs === undefined ? '' : `, recovery within ${formatDuration(targetMs)}`
  return `${[
    `${name}: ${cleanText(title, 200)}`,
    `on ${environment}; ${components.join(', ') || 'no component'}${severity ? `, ${severity}` : ''}${target}`,
    ...prompts.map(({ name, ask, fallback }) =>
      ask === '' ? `${name} is ${fallback}` : `asks ${name}: ${cleanText(ask, 200)}${fallback ? ` [${fallback}]` : ''}`,
    ),
    '',
    ...writeItems(runbook.items, { environment, indent: '' }),
  ].join('\n')}\n`
}

interface Writing {
  readonly environment: string
  readonly indent: string
}

function writeItems(items: readonly Item[], writing: Writing): string[] {
  const { environment, indent } = writing
  return items.flatMap((item) => {
    if (item.kind === 'step') {
      const { step } = item
      return [step, step.verify, step.undo].flatMap((action) => (action ? writeAction(action, writing) : []))
    }
    return item.branches.flatMap(({ heading, condition, items }, i) => [
      `${indent}${i === 0 ? 'if' : 'else if'} ${cleanText(heading, 200)}`,
      ...writeAction(condition, { environment, indent: `${indent}  ` }),
      ...writeItems(items, { environment, indent: `${indent}    ` }),
    ])
  })
}

function writeAction(action: Action, { environment, indent }: Writing): string[] {
  const block = chooseBlock(action, environment)
  const what = `${indent}${action.role === 'step' ? '' : `${action.role} `}${action.id}`
  if (!block) return [`${what}: not on ${environment}`]
  const content = cleanText(block.content.trimEnd(), 2_000)
  return [`${what} (${describeBlock(block)})`, ...content.split('\n').map((line) => `${indent}    ${line}`)]
}

function describeBlock(block: Block): string {
  const { kind, isDangerous, approver, retries, everyMs, timeoutMs, needs, to, expects, isRecovery } = block
  return [
    kind,
    ...(to === undefined ? [] : [to.startsWith('env:') ? to : hidePassword(to)]),
    ...(isDangerous ? [`dangerous, approver: ${approver ?? 'the operator'}`] : []),
    ...(kind === 'manual' ? [] : [`within ${formatDuration(timeoutMs)}`]),
    ...(retries > 0 ? [`${retries} retries, every ${formatDuration(everyMs)}`] : []),
    ...(needs.length > 0 ? [`needs ${needs.join(', ')}`] : []),
    ...expects.map(({ written }) => `expects ${cleanText(written, 200)}`),
    ...(isRecovery ? ['shows recovery'] : []),
  ].join('; ')
}

function hidePassword(url: string): string {
  return url.replace(/:\/\/([^:/@]+):[^@/]*@/, '://$1:…@')
}
