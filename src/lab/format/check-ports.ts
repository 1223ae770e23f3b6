import { locate, type PathStep, type Problem } from '../../source/index.ts'
import type { WrittenLab } from './check-names.ts'

/** Ports that the system hands out to outgoing connections: a part that wants one of them may find it taken. */
const EPHEMERAL_PORTS = { min: 32_768, max: 60_999 } as const

/** No port is declared twice, none is too large, and none is one that the system hands out itself. */
export function checkPorts({ input, value, file }: WrittenLab, portBase: number): Problem[] {
  const problems: Problem[] = []
  const owners = new Map<number, string>()
  const declare = (port: number, owner: string, path: readonly PathStep[]) => {
    const complain = (message: string) => problems.push({ where: locate(value, path, file), message })
    const earlier = owners.get(port)
    if (earlier !== undefined) complain(`Port ${port} of ${owner} is that of ${earlier} too. Give each its own.`)
    owners.set(port, owner)
    const actual = port + portBase
    const shifted = portBase === 0 ? `Port ${actual}` : `Port ${actual} (${port} + LINCHPIN_PORT_BASE ${portBase})`
    if (actual > 65_535 || actual < 1) complain(`${shifted} does not exist. Choose a smaller one.`)
    else if (actual >= EPHEMERAL_PORTS.min && actual <= EPHEMERAL_PORTS.max)
      complain(
        `${shifted} lies in ${EPHEMERAL_PORTS.min}-${EPHEMERAL_PORTS.max}, which the system uses itself. Choose one outside.`,
      )
  }
  for (const [name, part] of Object.entries(input.parts)) {
    const instances = part.instances ?? 1
    for (let i = 0; i < instances; i++) {
      const owner = instances > 1 ? `${name}.${i + 1}` : name
      if (part.port !== undefined) declare(part.port + i, owner, ['parts', name, 'port'])
      for (const [port, number] of Object.entries(part.ports ?? {}))
        declare(number + i, `${owner} (${port})`, ['parts', name, 'ports', port])
    }
    for (const [target, port] of Object.entries(part.links ?? {}))
      declare(port, `the link ${name}>${target}`, ['parts', name, 'links', target])
  }
  return problems
}
