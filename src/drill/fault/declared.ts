import { breakPart } from '../../lab/index.ts'
import type { FaultKind } from './fault.ts'
import { chooseInLab, findLabResidue, mendInLab } from './lab-target.ts'

/** What a part does badly on demand. Only a probe can tell whether it did: its word alone is not enough. */
export const declared: FaultKind = {
  name: 'declared',
  title: 'is told to do this itself',
  modes: ['crash', 'hang'],
  choose: chooseInLab,
  lacks: () => undefined,
  note: async () => ({}),
  apply: async ({ target, fault, settings }, { labFile, outside }) => {
    await breakPart(labFile, { target, fault, settings, outside })
  },
  sight: async () => undefined,
  undo: (job, scene) => mendInLab(scene, job),
  residue: (job, scene) => findLabResidue(scene, job),
}
