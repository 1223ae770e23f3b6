import { breakPart, isCutOff, openLab } from '../../lab/index.ts'
import type { FaultJob, FaultKind, Scene } from './fault.ts'
import { chooseInLab, findLabResidue, mendInLab } from './lab-target.ts'

/** The machine of an instance is cut off, with whatever else runs on it: nobody is told, everybody waits. */
export const cut: FaultKind = {
  name: 'cut',
  title: 'is cut off with its machine: what is sent to it or by it is lost',
  modes: ['hang'],
  choose: chooseInLab,
  lacks: () => undefined,
  note: async () => ({}),
  apply: async ({ target, settings }, { labFile }) => {
    await breakPart(labFile, { target, fault: 'cut', settings })
  },
  sight: async (job, scene) => ({
    isSeen: isCut(job, scene),
    how: 'the kernel sends what is for it to an address that nobody has',
  }),
  undo: ({ target }, scene) => mendInLab(scene, { target, fault: 'cut' }),
  residue: async (job, scene) => {
    if (openLab(scene.labFile, {}).running === undefined) return undefined
    if (isCut(job, scene)) return `the machine of ${job.target} is still cut off`
    return findLabResidue(scene, { target: job.target, fault: 'cut' })
  },
}

function isCut({ target }: FaultJob, { labFile }: Scene): boolean {
  const { plan } = openLab(labFile, {})
  const machine = plan.instances.find(({ name }) => name === target)?.machine
  return machine !== undefined && isCutOff(machine, plan)
}
