import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { LiveBreaker, LivePart } from '../../hub/index.ts'
import { type LabFile, type LabStatus, readStatus } from '../../lab/index.ts'
import { findLab, readPortBase } from '../find-lab.ts'

const ASK_WITHIN_MS = 800

/** The lab that is named; else the one beside or above the vault, if any. */
export function findLabOf(vault: string, named: string | undefined): LabFile | undefined {
  if (named !== undefined) return findLab(named)
  for (let folder = resolve(vault); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'lab.yaml'))) return findLab(folder)
    if (dirname(folder) === folder) return undefined
  }
}

export interface LabSight {
  readonly name: string
  readonly isUp: boolean
  readonly parts: readonly LivePart[]
  readonly breakers: readonly LiveBreaker[]
}

/** Its parts, and the breakers of every part that shows its guards. */
export async function lookAtLab(file: LabFile): Promise<LabSight> {
  const status = await readStatus(file, { portBase: readPortBase(), env: process.env })
  if (status.supervisor === 'none') return { name: status.lab, isUp: false, parts: [], breakers: [] }
  const parts = status.parts.map(({ name, part, state, reason, faults, figures, pages }) => ({
    name,
    component: part,
    state,
    reason,
    faults,
    pages,
    figures: Object.fromEntries(Object.entries(figures).flatMap(([name, value]) => (value ? [[name, value]] : []))),
  }))
  return { name: status.lab, isUp: true, parts, breakers: await askBreakers(status) }
}

/** Parts that use the guard library show their guards; of the others nothing is known. */
async function askBreakers({ parts }: LabStatus): Promise<LiveBreaker[]> {
  const ready = parts.filter(({ state, ports }) => state === 'ready' && ports.length > 0)
  const answers = await Promise.all(ready.map(({ name, ports }) => askGuards(name, ports[0] as number)))
  return answers.flat()
}

interface Guards {
  readonly guards: readonly { dependency: string; state: { breaker?: { state: string } } }[]
}

async function askGuards(instance: string, port: number): Promise<LiveBreaker[]> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/guards`, { signal: AbortSignal.timeout(ASK_WITHIN_MS) })
    if (!response.ok || !response.headers.get('content-type')?.includes('json')) return []
    const { guards } = (await response.json()) as Guards
    return guards.flatMap(({ dependency, state }) =>
      state.breaker ? [{ guard: dependency, instance, state: state.breaker.state }] : [],
    )
  } catch {
    return []
  }
}
