import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { FaultKind } from './fault.ts'
import { beginHelping, isHelping, readResident, startHelper, stopHelper } from './helper.ts'

const MEGABYTE = 1024 * 1024
/** What the machine must keep: a drill must not set off the kernel's out-of-memory killer. */
const SPARED_MB = 512

/** The machine has less memory: a helper holds it. It hits everything that runs there, so its target is `machine`. */
export const memory: FaultKind = {
  name: 'memory',
  title: 'has less free memory',
  modes: ['crash', 'hang'],
  choose: ({ target, settings: { size = '256MB', ...others } }) => {
    const [unknown] = Object.keys(others)
    if (unknown !== undefined) return { mistake: `The fault "memory" has no setting "${unknown}". It has size.` }
    if (target !== 'machine') return { mistake: `Memory is taken from the whole machine. Write target: machine.` }
    if (!/^[1-9]\d*MB$/.test(size)) return { mistake: `size=${size} cannot be read. Write it as size=256MB.` }
    const spare = Math.floor(readAvailable() / MEGABYTE) - SPARED_MB
    if (Number.parseInt(size, 10) > spare)
      return {
        mistake: `size=${size} is more than this machine can spare, which is ${Math.max(0, spare)}MB. Lower it.`,
      }
    return { targets: ['machine'], settings: { size } }
  },
  lacks: () => undefined,
  note: async () => ({}),
  apply: (job, scene) => startHelper(job, scene, ['hold-memory', String(Number.parseInt(job.settings.size ?? '', 10))]),
  sight: async (job, scene) => {
    const held = readResident(job, scene)
    const isSeen = held >= Number.parseInt(job.settings.size ?? '', 10) * MEGABYTE
    return { isSeen, how: `the helper holds ${Math.round(held / MEGABYTE)} MB` }
  },
  undo: stopHelper,
  residue: async (job, scene) => (isHelping(job, scene) ? 'the helper still runs' : undefined),
}

/** The helper: touches so much memory, and keeps it until its fault leaves the journal. */
export async function holdMemory(megabytes: string, file: string): Promise<void> {
  const isWanted = beginHelping(file)
  const held: Buffer[] = []
  while (isWanted()) {
    if (held.length < Number(megabytes)) held.push(Buffer.alloc(MEGABYTE, held.length % 251 || 1))
    else for (const piece of held) piece[0] = 1
    await pause(held.length < Number(megabytes) ? 0 : 100)
  }
}

function readAvailable(): number {
  const [, kilobytes = '0'] = /^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? []
  return 1024 * Number(kilobytes)
}
