import { breakPart } from '../../lab/index.ts'
import type { FaultKind } from './fault.ts'
import { chooseInLab, findLabResidue, mendInLab, readPart } from './lab-target.ts'

/** The process ends at once and stays down: the failure mode `crash`. */
export const kill: FaultKind = {
  name: 'kill',
  title: 'is killed and stays down',
  modes: ['crash'],
  choose: chooseInLab,
  lacks: () => undefined,
  note: async (job, scene) => ({ pid: (await readPart(job, scene)).pid ?? 0 }),
  apply: async ({ target }, { labFile }) => {
    await breakPart(labFile, { target, fault: 'kill', settings: {} })
  },
  sight: async (job, scene) => {
    const { state, pid } = await readPart(job, scene)
    return { isSeen: state === 'held' && pid === undefined, how: `process ${job.before.pid} has ended` }
  },
  undo: ({ target }, scene) => mendInLab(scene, { target, fault: 'kill' }),
  residue: ({ target }, scene) => findLabResidue(scene, { target, fault: 'kill' }),
}
