import type { LabPlan } from '../../lab/index.ts'
import { suggestion } from '../../source/index.ts'
import { clock } from './clock.ts'
import { cpu } from './cpu.ts'
import { cut } from './cut.ts'
import { declared } from './declared.ts'
import { deploy } from './deploy.ts'
import { diskFull } from './disk-full.ts'
import type { FaultKind, Wish } from './fault.ts'
import { freeze } from './freeze.ts'
import { kill } from './kill.ts'
import { linkFaults, partition } from './links.ts'
import { memory } from './memory.ts'
import { restart } from './restart.ts'

const PART_FAULTS: readonly FaultKind[] = [kill, freeze, cut, restart, deploy, clock, cpu, diskFull, partition]
const MACHINE_FAULTS: readonly FaultKind[] = [memory]
/** Every fault that a drill can inject. A new one is a file here and an entry in one of these lists. */
const FAULTS: readonly FaultKind[] = [...PART_FAULTS, ...linkFaults, ...MACHINE_FAULTS, declared]

/** Which fault a wish means: links and parts may use the same word. A part's own faults come before ours. */
export function findFault({ fault, target }: Wish, lab: LabPlan): FaultKind | { readonly mistake: string } {
  const isLink = lab.links.some(({ name }) => name === target)
  const part = lab.instances.find(({ name, part }) => name === target || part === target)
  if (!isLink && part?.faults.some(({ name }) => name === fault)) return declared
  if (lab.outside !== undefined) return declared
  const known = isLink ? linkFaults : target === 'machine' ? MACHINE_FAULTS : PART_FAULTS
  const found = known.find(({ name }) => name === fault)
  if (found) return found
  // The lab says best what is wrong with a target that it does not have.
  if (!isLink && !part && target !== 'machine') return declared
  const names = [...known.map(({ name }) => name), ...(part?.faults.map(({ name }) => name) ?? [])]
  return { mistake: `${target} has no fault "${fault}".${suggestion(fault, names)} It has ${names.join(', ')}.` }
}

/** The fault of a journal entry. Throws when a newer linchpin wrote it. */
export function faultOf(kind: string): FaultKind {
  const found = FAULTS.find(({ name }) => name === kind)
  if (!found) throw new Error(`This linchpin knows no fault "${kind}". Undo it with the one that applied it.`)
  return found
}
