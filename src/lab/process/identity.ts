import { readFileSync } from 'node:fs'

/**
 * Which process it is, for good: a process id alone is reused. The start time is counted by the kernel in clock ticks
 * since boot; no two processes of one boot share both.
 */
export interface Identity {
  readonly pid: number
  readonly startTime: string
  readonly bootId: string
}

export interface ProcessStatus {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly startTime: string
  /** R running, S sleeping, D waiting for a device, T stopped, Z dead but not yet collected by its parent. */
  readonly state: string
  /** With those that are about to end; 1 or 0 of a dead process. */
  readonly threads: number
}

/** What the kernel says of a process, or undefined when there is none with this id. */
export function readProcess(pid: number): ProcessStatus | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

/** Reads `/proc/<pid>/stat`. The command's name stands in parentheses and may itself hold spaces and parentheses. */
export function parseStat(text: string): ProcessStatus {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return {
    pid: Number.parseInt(text, 10),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    threads: Number(fields[17]),
    startTime: fields[19] ?? '',
  }
}

/** The identity of a living process, or undefined when there is none. */
export function identify(pid: number): Identity | undefined {
  const status = readProcess(pid)
  return status && { pid, startTime: status.startTime, bootId: readBootId() }
}

/**
 * The status of exactly this process, or undefined when it has ended: also when its id now belongs to another one,
 * when the machine has booted since, and when only its exit status is left. While threads of a killed process live, so
 * do its ports.
 */
export function findAlive(identity: Identity): ProcessStatus | undefined {
  if (identity.bootId !== readBootId()) return undefined
  const status = readProcess(identity.pid)
  if (!status || status.startTime !== identity.startTime) return undefined
  return 'ZX'.includes(status.state) && status.threads <= 1 ? undefined : status
}

export function isAlive(identity: Identity): boolean {
  return findAlive(identity) !== undefined
}

let bootId: string | undefined

function readBootId(): string {
  bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return bootId
}
