import type { Position, Problem } from '../../source/index.ts'
import type { RunbookPage, Section } from './page.ts'
import { type ReadBlock, readBlock } from './read-block.ts'
import type { Action, Block, Branch, Item, Role, Step } from './runbook.ts'

/** A block with what stands around it. */
interface Placed extends ReadBlock {
  readonly intro: string
  readonly headings: readonly string[]
}

type Group = Action & { readonly where: Position }

/** The blocks of a page as what is done in turn, and the choices on the way. */
export function buildItems(page: RunbookPage, problems: Problem[]): Item[] {
  const used = new Map<string, Position>()
  return itemsOf(page.root, { headings: [], problems, used })
}

interface Building {
  readonly headings: readonly string[]
  readonly problems: Problem[]
  /** Where each step and branch was named. */
  readonly used: Map<string, Position>
}

/** What a section says itself, then the sections in it; those side by side that open with a condition are one choice. */
function itemsOf(section: Section, building: Building): Item[] {
  const groups = groupBlocks(section, building)
  const late = groups.filter(({ role }, i) => role === 'branch' && (i > 0 || section.level === 0))
  for (const { id, where } of late)
    building.problems.push({
      where,
      message: `The condition "${id}" does not open its section. Put it first below a heading, and what depends on it after it.`,
    })
  return [...stepsOf(groups, building), ...itemsOfChildren(section, building)]
}

function itemsOfChildren(section: Section, building: Building): Item[] {
  const items: Item[] = []
  /** The branches of the choice that the next section may join. */
  let open: Branch[] | undefined
  for (const child of section.children) {
    const inner = { ...building, headings: [...building.headings, child.heading] }
    const [condition] = groupBlocks(child, { ...inner, problems: [], used: new Map() })
    const inside = itemsOf(child, inner)
    if (condition?.role !== 'branch') {
      items.push(...inside)
      open = undefined
      continue
    }
    if (!open) {
      open = []
      items.push({ kind: 'choice', branches: open })
    }
    open.push({ heading: child.heading, condition, items: inside })
    // It ends its choice: what stands beside it begins the next one.
    if (condition.blocks.some(({ isOtherwise }) => isOtherwise)) open = undefined
  }
  return items
}

/** The blocks of one section; fences of one action for several environments are one group. */
function groupBlocks(section: Section, { headings, problems, used }: Building): Group[] {
  const groups: (Group & { blocks: Block[] })[] = []
  for (const { fence, intro } of section.fences) {
    const read = readBlock(fence, problems)
    if (!read) continue
    const placed: Placed = { ...read, intro, headings }
    const same = groups.find(({ id, role }) => id === placed.id && role === placed.role)
    if (same) addBlock(same, placed, problems)
    else {
      const { id, role, block } = placed
      groups.push({ id, role, blocks: [block], intro, headings, where: block.where })
      checkUnused({ id, role, where: block.where }, { problems, used })
    }
  }
  return groups
}

function addBlock(group: Group & { blocks: Block[] }, { block, id }: Placed, problems: Problem[]): void {
  const twin = group.blocks.find(({ on }) => on === block.on)
  if (!twin) group.blocks.push(block)
  else
    problems.push({
      where: block.where,
      message: `"${id}" is here twice for ${block.on === undefined ? 'every environment' : `"${block.on}"`}; the first is on line ${twin.where.line}. Rename one, or say which environment it is for with on=NAME.`,
    })
}

interface Named {
  readonly id: string
  readonly role: Role
  readonly where: Position
}

function checkUnused({ id, role, where }: Named, { problems, used }: Pick<Building, 'problems' | 'used'>): void {
  const key = role === 'verify' || role === 'undo' ? `${role} ${id}` : id
  const first = used.get(key)
  if (first) problems.push({ where, message: `"${id}" is taken by line ${first.line}. Rename one of them.` })
  else used.set(key, where)
}

/** Steps with their verification and undo, which stand in the same section. */
function stepsOf(groups: readonly Group[], { problems }: Building): Item[] {
  const steps = groups.filter(({ role }) => role === 'step')
  for (const { id, role, where } of groups)
    if ((role === 'verify' || role === 'undo') && !steps.some((step) => step.id === id))
      problems.push({ where, message: `There is no step "${id}" in this section to ${role}. Put it below its step.` })
  return steps.map((group) => {
    const beside = (role: Role) => groups.find((other) => other.role === role && other.id === group.id)
    const step: Step = { ...group, verify: beside('verify'), undo: beside('undo') }
    return { kind: 'step', step }
  })
}
