import { breakPart } from '../../lab/index.ts'
import type { FaultKind } from './fault.ts'
import { chooseInLab, findLabResidue, mendInLab, readPart } from './lab-target.ts'

/** A bad deployment: the part runs from another command or environment until it is rolled back. */
export const deploy: FaultKind = {
  name: 'deploy',
  title: 'is stopped and started from another command or environment',
  modes: ['crash', 'hang'],
  choose: chooseInLab,
  lacks: () => undefined,
  note: async (job, scene) => ({ pid: (await readPart(job, scene)).pid ?? 0 }),
  apply: async ({ target, settings }, { labFile }) => {
    await breakPart(labFile, { target, fault: 'deploy', settings })
  },
  sight: async (job, scene) => {
    const { pid, faults } = await readPart(job, scene)
    const isSeen = pid !== job.before.pid && faults.includes('deploy')
    return { isSeen, how: `process ${job.before.pid} was replaced` }
  },
  undo: ({ target }, scene) => mendInLab(scene, { target, fault: 'deploy' }),
  residue: ({ target }, scene) => findLabResidue(scene, { target, fault: 'deploy' }),
}
