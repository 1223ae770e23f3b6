import { readdirSync, readFileSync } from 'node:fs'
import { type Identity, identify, isAlive, type ProcessStatus, readProcess } from './identity.ts'

/** The variable in the environment of every process of a lab. What a part starts inherits it. */
export const LAB_MARK = 'LINCHPIN_LAB'
/** Beside it: the name of the instance. */
export const PART_MARK = 'LINCHPIN_PART'

/** Every process that the kernel knows now. */
function listProcesses(): ProcessStatus[] {
  return listIds()
    .map(readProcess)
    .filter((status) => status !== undefined)
}

/** A process with all that descend from it, itself first. */
export function listTree(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const { pid: child, parent } of listProcesses()) children.set(parent, [...(children.get(parent) ?? []), child])
  const tree = [pid]
  for (const member of tree) tree.push(...(children.get(member) ?? []))
  return tree
}

export interface MarkedProcess {
  readonly identity: Identity
  /** The instance that started it. */
  readonly name: string
}

/**
 * The living processes that carry the mark of a lab: all that its parts started, even when a record is missing or a
 * process has left its group. The mark is a random number of this one lab, so that nothing else carries it.
 */
export function findMarked(mark: string): MarkedProcess[] {
  return listIds().flatMap((pid) => {
    const environment = readEnvironment(pid)
    const identity = environment.get(LAB_MARK) === mark ? identify(pid) : undefined
    return identity && isAlive(identity) ? [{ identity, name: environment.get(PART_MARK) ?? '' }] : []
  })
}

/**
 * The roots of everything that an instance runs: its process, and what it started that is below it no more, such as a
 * server that its manager put in the background.
 */
export function findRoots(main: Identity, { mark, name }: { mark: string; name: string }): Identity[] {
  const below = new Set(listTree(main.pid))
  const detached = findMarked(mark).filter((found) => found.name === name && !below.has(found.identity.pid))
  return [main, ...detached.map(({ identity }) => identity)]
}

function readEnvironment(pid: number): Map<string, string> {
  try {
    const lines = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
    return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  } catch {
    return new Map()
  }
}

function listIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}
