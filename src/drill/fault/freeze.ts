import { breakPart } from '../../lab/index.ts'
import type { FaultKind } from './fault.ts'
import { chooseInLab, findLabResidue, mendInLab, readPart } from './lab-target.ts'

/** The process accepts connections and never answers: the failure mode `hang`. */
export const freeze: FaultKind = {
  name: 'freeze',
  title: 'is frozen: it accepts connections and never answers',
  modes: ['hang'],
  choose: chooseInLab,
  lacks: () => undefined,
  note: async () => ({}),
  apply: async ({ target }, { labFile }) => {
    await breakPart(labFile, { target, fault: 'freeze', settings: {} })
  },
  sight: async (job, scene) => ({
    isSeen: (await readPart(job, scene)).state === 'frozen',
    how: 'the kernel says that its process is stopped',
  }),
  undo: ({ target }, scene) => mendInLab(scene, { target, fault: 'freeze' }),
  residue: ({ target }, scene) => findLabResidue(scene, { target, fault: 'freeze' }),
}
