import { type Position, type Problem, parseDuration, suggestion } from '../../source/index.ts'
import { type Attribute, readInfoString } from './attributes.ts'
import { parseExpectation, parseSelector } from './expectation.ts'
import { listVariables, splitRequest } from './operation.ts'
import type { Block, BlockKind, Capture, Role } from './runbook.ts'
import { splitWords } from './words.ts'

/** A fence of a page as it stands there. */
export interface Fence {
  readonly info: string
  readonly content: string
  /** Of the first character of the info string. */
  readonly infoAt: Position
  /** Of the first character of the content. */
  readonly contentAt: Position
}

export interface ReadBlock {
  readonly role: Role
  readonly id: string
  readonly block: Block
}

const KINDS: readonly string[] = ['bash', 'sql', 'http', 'promql', 'manual']
const ROLES: readonly string[] = ['step', 'branch', 'verify', 'undo']
const FLAGS: readonly string[] = ['danger', 'recovery', 'otherwise']
const VALUES: readonly string[] = [
  ...ROLES,
  ...['timeout', 'retries', 'every', 'expect', 'status', 'approver', 'needs', 'env', 'to', 'on', 'shell'],
]
const ATTRIBUTES: readonly string[] = [...VALUES, ...FLAGS]
/** What makes no sense for a kind. */
const ONLY_FOR: Record<string, readonly string[]> = {
  shell: ['bash'],
  env: ['bash'],
  needs: ['bash'],
  to: ['sql', 'promql'],
  status: ['bash', 'http'],
}
const TIMEOUT_MS = 30_000
const EVERY_MS = 1_000
const RETRIES_MAX = 1_000

/** The block of a fence, or undefined when it is for reading only. Every mistake goes to `problems`. */
export function readBlock(fence: Fence, problems: Problem[]): ReadBlock | undefined {
  const info = readInfoString(fence.info)
  if (!info) return undefined
  const isOurs = info.attributes.some(({ name }) => ATTRIBUTES.includes(name))
  if (!isOurs) return undefined
  const at = (offset: number): Position => ({ ...fence.infoAt, column: fence.infoAt.column + offset })
  const complain = (offset: number, message: string) => problems.push({ where: at(offset), message })
  if (info.mistake) complain(info.mistake.offset, info.mistake.message)
  checkAttributes(info.attributes, info.language, complain)
  const roles = info.attributes.filter(({ name }) => ROLES.includes(name))
  const [role] = roles
  if (!role?.value || roles.length > 1) {
    const found = roles.length > 1 ? `It is ${roles.map(({ name }) => name).join(' and ')} at once` : 'It has no role'
    complain(0, `${found}. Give it one of step=NAME, branch=NAME, verify=STEP, undo=STEP.`)
    return undefined
  }
  if (!KINDS.includes(info.language)) {
    const cure = suggestion(info.language, KINDS) || ` Use one of ${KINDS.join(', ')}.`
    complain(0, `"${info.language}" blocks cannot be carried out.${cure}`)
    return undefined
  }
  if (!/^[A-Za-z][\w-]*$/.test(role.value)) complain(role.offset, `"${role.value}" is not a name. Use letters and "-".`)
  const block = buildBlock(fence, {
    kind: info.language as BlockKind,
    attributes: info.attributes,
    complain,
    where: at(0),
  })
  checkContent(block, fence, problems)
  return { role: role.name as Role, id: role.value, block }
}

type Complain = (offset: number, message: string) => void

function checkAttributes(attributes: readonly Attribute[], language: string, complain: Complain): void {
  const seen = new Set<string>()
  for (const { name, value, offset } of attributes) {
    if (name.startsWith('capture.')) {
      if (value === undefined) complain(offset, `"${name}" needs what to look for, such as ${name}=/id (\\d+)/.`)
      continue
    }
    if (!ATTRIBUTES.includes(name))
      complain(offset, `"${name}" is no attribute.${suggestion(name, ATTRIBUTES)} Correct or remove it.`)
    else if (FLAGS.includes(name) && value !== undefined) complain(offset, `"${name}" has no value. Write it alone.`)
    else if (VALUES.includes(name) && value === undefined) complain(offset, `"${name}" needs a value. Write ${name}=….`)
    const kinds = ONLY_FOR[name]
    if (kinds && KINDS.includes(language) && !kinds.includes(language))
      complain(offset, `"${name}" is for ${kinds.join(' and ')} blocks. Remove it.`)
    if (seen.has(name) && name !== 'expect') complain(offset, `"${name}" is written twice. Keep one.`)
    seen.add(name)
  }
}

interface Building {
  readonly kind: BlockKind
  readonly attributes: readonly Attribute[]
  readonly complain: Complain
  readonly where: Position
}

function buildBlock(fence: Fence, { kind, attributes, complain, where }: Building): Block {
  const find = (name: string) => attributes.find((attribute) => attribute.name === name)
  const has = (name: string) => find(name) !== undefined
  const list = (name: string) =>
    (find(name)?.value ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
  const time = (name: string, usual: number) => {
    const { value, offset = 0 } = find(name) ?? {}
    const ms = value === undefined ? usual : parseDuration(value)
    if (ms === undefined || (value !== undefined && ms <= 0))
      complain(offset, `"${value}" is not a duration. Write it as ${name}=30s.`)
    return ms ?? usual
  }
  const shell = find('shell')
  if (shell && !['yes', 'no'].includes(shell.value ?? '')) complain(shell.offset, '"shell" is yes or no. Correct it.')
  return {
    kind,
    on: find('on')?.value,
    content: fence.content,
    where,
    hasShell: shell?.value !== 'no',
    timeoutMs: time('timeout', TIMEOUT_MS),
    retries: readRetries(find('retries'), complain),
    everyMs: time('every', EVERY_MS),
    expects: readExpectations(attributes, complain),
    status: readStatus(find('status'), complain),
    captures: readCaptures(attributes, complain),
    isDangerous: has('danger'),
    approver: find('approver')?.value,
    needs: list('needs'),
    env: list('env'),
    to: find('to')?.value,
    isRecovery: has('recovery'),
    isOtherwise: has('otherwise'),
  }
}

function readRetries(attribute: Attribute | undefined, complain: Complain): number {
  if (attribute?.value === undefined) return 0
  const retries = Number(attribute.value)
  if (/^\d+$/.test(attribute.value) && retries <= RETRIES_MAX) return retries
  complain(attribute.offset, `"${attribute.value}" is not a number up to ${RETRIES_MAX}. Correct it.`)
  return 0
}

function readStatus(attribute: Attribute | undefined, complain: Complain): string | undefined {
  if (attribute?.value === undefined) return undefined
  if (!/^(any|\d{1,3}(-\d{1,3})?|[1-5]xx)$/.test(attribute.value))
    complain(attribute.offset, `"${attribute.value}" is not a status such as 1, 200, 2xx, 200-299 or any. Correct it.`)
  return attribute.value
}

function readExpectations(attributes: readonly Attribute[], complain: Complain) {
  return attributes.flatMap(({ name, value, offset }) => {
    if (name !== 'expect' || value === undefined) return []
    const read = parseExpectation(value)
    if (typeof read !== 'string') return [read]
    complain(offset, `${read}. Correct it.`)
    return []
  })
}

function readCaptures(attributes: readonly Attribute[], complain: Complain): Capture[] {
  return attributes.flatMap(({ name, value, offset }) => {
    if (!name.startsWith('capture.') || value === undefined) return []
    const selector = parseSelector(value)
    if (typeof selector !== 'string') return [{ name: name.slice('capture.'.length), selector }]
    complain(offset, `${selector}. Correct it.`)
    return []
  })
}

/** What can be told of a content without carrying it out. */
function checkContent(block: Block, { contentAt, content }: Fence, problems: Problem[]): void {
  const complain = (message: string, offset = 0) => {
    const before = content.slice(0, offset).split('\n')
    const column = (before.length === 1 ? contentAt.column : 1) + (before.at(-1)?.length ?? 0)
    problems.push({ where: { ...contentAt, line: contentAt.line + before.length - 1, column }, message })
  }
  if (content.trim() === '') complain('The block is empty. Write what is to be done.')
  if (content.includes('\0')) complain('The block holds a NUL character. Remove it.')
  if (block.kind === 'bash' && !block.hasShell && splitWords(content) === undefined)
    complain('A quote is not closed. Close it.')
  const quoted = block.kind === 'bash' && block.hasShell ? findSingleQuoted(content) : undefined
  if (quoted)
    complain(`bash does not fill in "{{${quoted.name}}}" between single quotes. Use double quotes.`, quoted.offset)
  if (
    (block.kind === 'sql' || block.kind === 'promql') &&
    !/^(https?|postgres(ql)?):\/\/|^env:\w+$/.test(block.to ?? '')
  )
    complain(`A ${block.kind} block has to say where it goes. Add to=URL or to=env:NAME.`)
  if (block.kind === 'http') {
    const { method, url, headers } = splitRequest(content)
    if (method === '' || !/^https?:\/\//.test(url))
      complain('The first line is METHOD URL, such as GET http://… Correct it.')
    for (const [line, value] of headers)
      if (value === undefined) complain(`"${line}" is no header. Write name: value, and an empty line before the body.`)
  }
}

/** A variable inside '…' on one line, outside "…": what bash would leave as it stands. */
function findSingleQuoted(content: string): { name: string; offset: number } | undefined {
  return listVariables(content).find(({ offset }) => {
    const line = content.slice(content.lastIndexOf('\n', offset) + 1, offset)
    let open: string | undefined
    for (const char of line.replaceAll(/\\./g, '__')) {
      if (open === undefined && (char === "'" || char === '"')) open = char
      else if (char === open) open = undefined
    }
    return open === "'"
  })
}
