import { breakPart, type LabPlan } from '../../lab/index.ts'
import type { Choice, FaultKind, Wish } from './fault.ts'
import { chooseInLab, findLabResidue, mendInLab, readLink } from './lab-target.ts'

/** Their callers are told at once; the others leave them waiting. */
const CUTS = ['reset', 'refuse', 'loss']

/** What a link can suffer, one entry each. All of them land once traffic has met them. */
export const linkFaults: readonly FaultKind[] = [
  linkFault('latency', 'lets answers through later'),
  linkFault('blackhole', 'accepts connections and passes nothing'),
  linkFault('reset', 'resets connections'),
  linkFault('refuse', 'refuses connections', (target) => `${target} does not listen any more`),
  linkFault('loss', 'resets a share of new connections'),
  linkFault('bandwidth', 'lets few bytes through'),
]

/** A part is cut off: every link from it and to it passes nothing. */
export const partition: FaultKind = {
  ...linkFault('blackhole', 'passes nothing, with all other links of the part'),
  name: 'partition',
  choose: chooseLinksOf,
}

function linkFault(name: string, title: string, closed?: (target: string) => string): FaultKind {
  return {
    name,
    title,
    modes: CUTS.includes(name) ? ['crash'] : ['hang'],
    choose: chooseInLab,
    lacks: () => undefined,
    note: async (job, scene) => ({ harmed: (await readLink(job, scene)).harmed }),
    apply: async ({ target, settings }, { labFile }) => {
      await breakPart(labFile, { target, fault: name, settings })
    },
    sight: async (job, scene) => {
      const { harmed, state } = await readLink(job, scene)
      if (closed) return { isSeen: state === 'closed', how: closed(job.target) }
      const times = harmed - Number(job.before.harmed)
      return { isSeen: times > 0, how: times > 0 ? 'it has met traffic' : 'no traffic has met it' }
    },
    undo: ({ target }, scene) => mendInLab(scene, { target, fault: name }),
    residue: ({ target }, scene) => findLabResidue(scene, { target, fault: name }),
  }
}

function chooseLinksOf({ target }: Wish, lab: LabPlan): Choice {
  const targets = lab.links.filter((link) => link.caller === target || link.target === target).map(({ name }) => name)
  if (targets.length > 0) return { targets, settings: {} }
  return {
    mistake: `No link of the lab leads to or from "${target}", so it cannot be cut off. Declare links in lab.yaml.`,
  }
}
