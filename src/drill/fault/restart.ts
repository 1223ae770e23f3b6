import { breakPart, mendPart } from '../../lab/index.ts'
import type { FaultKind } from './fault.ts'
import { chooseInLab, findLabResidue, mendInLab, readPart } from './lab-target.ts'

/** The process ends at once and is started again: what a crash under a process manager, or a database restart, is. */
export const restart: FaultKind = {
  name: 'restart',
  title: 'is killed and started again at once',
  modes: ['crash'],
  choose: (wish, lab) => chooseInLab({ ...wish, fault: 'kill' }, lab),
  lacks: () => undefined,
  note: async (job, scene) => ({ pid: (await readPart(job, scene)).pid ?? 0 }),
  apply: async ({ target }, { labFile }) => {
    await breakPart(labFile, { target, fault: 'kill', settings: {} })
    const { left } = await mendPart(labFile, { target, fault: 'kill' })
    if (left[0]) throw new Error(left[0].reason)
  },
  sight: async (job, scene) => {
    const { pid } = await readPart(job, scene)
    const isSeen = pid !== undefined && pid !== job.before.pid
    return { isSeen, how: `process ${job.before.pid} has ended, and ${pid ?? 'none'} runs instead` }
  },
  undo: ({ target }, scene) => mendInLab(scene, { target, fault: 'kill' }),
  residue: ({ target }, scene) => findLabResidue(scene, { target, fault: 'kill' }),
}
