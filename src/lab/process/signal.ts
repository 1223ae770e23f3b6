import { setTimeout as pause } from 'node:timers/promises'
import { findAlive, type Identity, identify, isAlive } from './identity.ts'
import { listTree } from './process-table.ts'

const POLL_MS = 25
const AFTER_KILL_MS = 5_000
/** Each round stops what the members started before they were stopped themselves: two or three are usual. */
const FREEZE_ROUNDS_MAX = 50

/**
 * Sends a signal to exactly this process and everything below it; says whether it was still there. The identity is
 * looked at immediately before, so a process that merely has the same id is left alone.
 */
export function signalTree(identity: Identity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false
  // Children are found before the signal: once their parent is gone, nothing leads to them.
  const tree = listTree(identity.pid).map(identify)
  for (const member of tree) if (member && isAlive(member)) send(member.pid, signal)
  return true
}

/** Freezes a process and everything below it, also what it starts in the meantime. */
export function freezeTree(identity: Identity): boolean {
  if (!isAlive(identity)) return false
  let frozen = 0
  for (let round = 0; round < FREEZE_ROUNDS_MAX; round++) {
    const tree = listTree(identity.pid)
    if (tree.length === frozen) break
    for (const pid of tree) send(pid, 'SIGSTOP')
    frozen = tree.length
  }
  return true
}

/**
 * Ends a process with all below it: asks with `signal`, waits, then kills. Resolves once all are gone; false when one
 * of them survived even SIGKILL (it hangs in the kernel).
 */
export async function stopTree(
  identity: Identity,
  { signal, withinMs }: { signal: NodeJS.Signals; withinMs: number },
): Promise<boolean> {
  if (!isAlive(identity)) return true
  const tree = listTree(identity.pid)
    .map(identify)
    .filter((member) => member !== undefined)
  for (const member of tree) if (findAlive(member)?.state === 'T') send(member.pid, 'SIGCONT')
  for (const member of tree)
    if (member.pid === identity.pid || isInGroup(member, identity.pid)) send(member.pid, signal)
  if (await isGone([identity], withinMs)) return endRest(tree)
  const grown = [...tree, ...listTree(identity.pid).map(identify)].filter((member) => member !== undefined)
  return endRest(grown)
}

/** A server's workers in groups of their own (as PostgreSQL's) are stopped by their server. */
function isInGroup(member: Identity, group: number): boolean {
  return findAlive(member)?.group === group
}

/** What outlives its root is not waited for: a worker without its server has nothing to finish. */
async function endRest(members: readonly Identity[]): Promise<boolean> {
  for (const member of members) if (isAlive(member)) send(member.pid, 'SIGKILL')
  return isGone(members, AFTER_KILL_MS)
}

async function isGone(members: readonly Identity[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (members.some(isAlive)) {
    if (performance.now() > deadline) return false
    await pause(POLL_MS)
  }
  return true
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended meanwhile, or changed its user: whoever waits for it sees which.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
