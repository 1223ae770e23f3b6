import { digestOf } from '../../source/index.ts'
import type { InstancePlan } from '../format/plan.ts'

/** Tells whether an instance was started from the same lines of `lab.yaml`; values of its environment are left out. */
export function digestOfInstance(plan: InstancePlan): string {
  const { command, folder, user, ports, files } = plan
  // A value may be a secret, and so may an argument that holds one: only what cannot be is digested.
  return digestOf({
    program: command[0],
    words: command.length,
    folder,
    user,
    ports,
    files,
    environment: Object.keys(plan.environment).sort(),
  })
}
