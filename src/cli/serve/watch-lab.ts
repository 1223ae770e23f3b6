import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describeLive, type HubLive, type LiveBreaker, nothingSeen, type Snapshot } from '../../hub/index.ts'
import { type LabFile, type LabStatus, readStatus } from '../../lab/index.ts'
import { findLab, readPortBase } from '../find-lab.ts'

const LOOK_EVERY_MS = 1_000
const ASK_WITHIN_MS = 800

interface WatchOptions {
  readonly vault: string
  readonly lab: string | undefined
  readonly read: () => Snapshot
  readonly onSight: (live: HubLive) => void
}

/** Looks at the lab once a second: its parts, and the breakers of every part that shows its guards. */
export function watchLab({ vault, lab, read, onSight }: WatchOptions): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let before: HubLive | undefined
  let told = ''
  // The moment alone is no news: a page that shows the same is left in peace.
  const tell = (live: HubLive) => {
    const { at: _, ...sight } = live
    const text = JSON.stringify(sight)
    if (text !== told) onSight(live)
    told = text
  }
  const look = async () => {
    const file = findLabOf(vault, lab)
    before = file ? await lookAt(file, read, before) : nothingSeen(new Date(), undefined)
    tell(before)
  }
  const again = () => {
    void look()
      .catch(() => tell(nothingSeen(new Date(), undefined)))
      .finally(() => {
        if (!isStopped) timer = setTimeout(again, LOOK_EVERY_MS)
      })
  }
  again()
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

function findLabOf(vault: string, named: string | undefined): LabFile | undefined {
  if (named !== undefined) return findLab(named)
  for (let folder = resolve(vault); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'lab.yaml'))) return findLab(folder)
    if (dirname(folder) === folder) return undefined
  }
}

async function lookAt(file: LabFile, read: () => Snapshot, before: HubLive | undefined): Promise<HubLive> {
  const status = await readStatus(file, { portBase: readPortBase(), env: process.env })
  if (status.supervisor === 'none') return nothingSeen(new Date(), status.lab)
  const parts = status.parts.map(({ name, part, state, reason, faults }) => ({
    name,
    component: part,
    state,
    reason,
    faults,
  }))
  const breakers = await askBreakers(status)
  return describeLive(read().assessment, { at: new Date(), lab: status.lab, parts, breakers }, before)
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
