import { type Position, type Problem, suggestion } from '../../source/index.ts'
import { listVariables } from './operation.ts'
import { type Action, type Block, listActions, listSteps, type Runbook } from './runbook.ts'

const NO_STEPS = 'This page is a runbook and has no step. Give a block step=NAME; docs/guide/runbooks.md shows how.'
const NO_RECOVERY =
  'Nothing says when recovery is complete, so this target cannot be held. Mark the step or verification that shows it: recovery.'

/** What is wrong between the parts of a runbook whose parts are right. */
export function checkRunbook(runbook: Runbook): Problem[] {
  const actions = listActions(runbook.items)
  const blocks = actions.flatMap((action) => action.blocks.map((block) => ({ action, block })))
  const top: Position = { file: runbook.file, line: 1, column: 1 }
  return [
    ...(listSteps(runbook.items).length === 0 ? [{ where: top, message: NO_STEPS }] : []),
    ...blocks.flatMap(({ action, block }) => checkRole(action, block)),
    ...checkVariables(runbook),
    ...checkRecovery(runbook, blocks),
    ...checkUnattended(runbook),
  ]
}

/** Who only looks must not change anything: it may be done again at any time. */
function checkRole({ role, id }: Action, block: Block): Problem[] {
  const { where, isDangerous, isOtherwise, kind, expects, captures } = block
  const wrong: string[] = []
  if ((role === 'branch' || role === 'verify') && isDangerous)
    wrong.push(`"${id}" only looks, and must not be dangerous. Make it a step.`)
  if (isOtherwise && role !== 'branch') wrong.push('"otherwise" is for the condition of a branch. Remove it.')
  if (kind === 'manual' && (expects.length > 0 || captures.length > 0))
    wrong.push('A manual step has no output to look at. Remove expect and capture.')
  if (kind === 'manual' && role === 'branch' && !isOtherwise) return []
  return wrong.map((message) => ({ where, message }))
}

/** Each `{{name}}` is asked for, or captured by a step before. */
function checkVariables({ items, prompts }: Runbook): Problem[] {
  const known = new Set(prompts.map(({ name }) => name))
  return listActions(items).flatMap((action) => {
    const problems = action.blocks.flatMap((block) => [
      ...listVariables(block.content).flatMap(({ name, offset }) =>
        known.has(name) ? [] : [unknownVariable(name, within(block, offset), known)],
      ),
      ...attributeTexts(block)
        .flatMap(listVariables)
        .flatMap(({ name }) => (known.has(name) ? [] : [unknownVariable(name, block.where, known)])),
    ])
    for (const { captures } of action.blocks) for (const { name } of captures) known.add(name)
    return problems
  })
}

function attributeTexts({ expects, to = '' }: Block): string[] {
  return [to, ...expects.map((one) => (one.kind === 'text' ? one.text : one.kind === 'json' ? one.operand : ''))]
}

/** The content begins on the line after the info string. */
function within({ where, content }: Block, offset: number): Position {
  const lines = content.slice(0, offset).split('\n')
  return { ...where, line: where.line + lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

function unknownVariable(name: string, where: Position, known: ReadonlySet<string>): Problem {
  const cure = 'Ask for it under prompts, or capture it in a step before.'
  return { where, message: `Nothing gives "{{${name}}}" a value.${suggestion(name, known)} ${cure}` }
}

function checkRecovery(runbook: Runbook, blocks: readonly { block: Block }[]): Problem[] {
  if (runbook.targetMs === undefined || blocks.some(({ block }) => block.isRecovery)) return []
  return [{ where: runbook.whereOf('rto'), message: NO_RECOVERY }]
}

function checkUnattended(runbook: Runbook): Problem[] {
  const ids = listActions(runbook.items).map(({ id }) => id)
  const where = runbook.whereOf('unattended')
  return runbook.unattended
    .filter((id) => !ids.includes(id))
    .map((id) => ({ where, message: `There is no step "${id}".${suggestion(id, ids)} Correct or remove it.` }))
}
