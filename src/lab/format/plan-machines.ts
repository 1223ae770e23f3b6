import type { MachinePlan } from './plan.ts'
import type { LabInput, PartInput } from './schema.ts'

/**
 * The machines that the parts of a profile run on, in the order in which they are named. Each lab has a network of its
 * own, 10.213.N.0/24, where N is a hundredth of what is added to its ports: so it is always the same.
 */
export function planMachines(
  { parts }: LabInput,
  { members, portBase }: { members: readonly string[]; portBase: number },
): MachinePlan[] {
  const network = Math.floor(portBase / 100) % 256
  const names = new Set(
    members.flatMap((member) => {
      const { machine, instances = 1 } = parts[member] ?? {}
      return machine === undefined ? [] : Array.from({ length: instances }, (_, i) => `${machine}.${i + 1}`)
    }),
  )
  const bridge = { name: `linchpin${network}`, address: `10.213.${network}.254` }
  return [...names].map((name, i) => ({
    name,
    namespace: `linchpin-${network}-${name}`,
    address: `10.213.${network}.${i + 1}`,
    cable: `lp${network}-${i + 1}`,
    bridge,
  }))
}

/** The machine of an instance of a part; undefined when it runs on this computer itself. */
export function machineOf(
  { machine }: PartInput,
  index: number,
  machines: readonly MachinePlan[],
): MachinePlan | undefined {
  return machine === undefined ? undefined : machines.find(({ name }) => name === `${machine}.${index + 1}`)
}
