import { setTimeout as pause } from 'node:timers/promises'
import { findAlive, findTargets, type Identity, identify, listTree } from '../../lab/index.ts'
import type { FaultKind } from './fault.ts'
import { beginHelping, isHelping, startHelper, stopHelper } from './helper.ts'
import { readPart } from './lab-target.ts'

const SLICE_MS = 100

/** It gets a share of the processor only: a helper stops it for the rest of every tenth of a second. No root, no cgroup. */
export const cpu: FaultKind = {
  name: 'cpu',
  title: 'gets only a share of the processor',
  modes: ['hang'],
  choose: ({ target, settings: { share = '10%', ...others } }, lab) => {
    const [unknown] = Object.keys(others)
    if (unknown !== undefined) return { mistake: `The fault "cpu" has no setting "${unknown}". It has share.` }
    if (!/^[1-9]\d?%$/.test(share)) return { mistake: `share=${share} cannot be read. Write it as share=10%.` }
    const targets = findTargets(lab, target)
    if (targets.length === 0 || target.includes('>')) return { mistake: `"${target}" is not a part of the lab.` }
    return { targets, settings: { share } }
  },
  lacks: () => undefined,
  note: async (job, scene) => ({ ...identify((await readPart(job, scene)).pid ?? 0) }),
  apply: (job, scene) => {
    const { pid, startTime } = job.before
    return startHelper(job, scene, ['throttle', String(pid), String(startTime), job.settings.share ?? ''])
  },
  sight: async (job, scene) => {
    const samples = await sampleStates(job.before as unknown as Identity)
    const stopped = samples.filter((state) => state === 'T').length
    const isSeen = isHelping(job, scene) && stopped > 0
    return { isSeen, how: `it was stopped in ${stopped} of ${samples.length} looks` }
  },
  undo: async (job, scene) => {
    await stopHelper(job, scene)
    signal(job.before as unknown as Identity, 'SIGCONT')
  },
  residue: async (job, scene) => {
    if (isHelping(job, scene)) return 'the helper still runs'
    const state = findAlive(job.before as unknown as Identity)?.state
    return state === 'T' ? `${job.target} is still stopped` : undefined
  },
}

/** The helper: runs until its fault leaves the journal. */
export async function throttle(pid: string, startTime: string, share: string, file: string): Promise<void> {
  const identity = identify(Number(pid))
  if (!identity || identity.startTime !== startTime) return
  const isWanted = beginHelping(file)
  const end = () => {
    signal(identity, 'SIGCONT')
    process.exit(0)
  }
  process.once('SIGTERM', end)
  const runMs = SLICE_MS * (Number.parseInt(share, 10) / 100)
  while (isWanted() && signal(identity, 'SIGSTOP')) {
    await pause(SLICE_MS - runMs)
    signal(identity, 'SIGCONT')
    await pause(runMs)
  }
}

/** To the process with all below it; whether it was there. */
function signal(identity: Identity, name: 'SIGSTOP' | 'SIGCONT'): boolean {
  if (!findAlive(identity)) return false
  for (const pid of listTree(identity.pid))
    try {
      process.kill(pid, name)
    } catch {
      // It ended meanwhile.
    }
  return true
}

async function sampleStates(identity: Identity): Promise<string[]> {
  const states: string[] = []
  for (let i = 0; i < 20; i++) {
    states.push(findAlive(identity)?.state ?? '')
    await pause(13)
  }
  return states
}
