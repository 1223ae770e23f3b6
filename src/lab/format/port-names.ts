import type { PartInput } from './schema.ts'

/** What the ports of a part are called: `port.stock`, `port.stock.admin`, and of its second instance `port.stock.2`, `port.stock.admin.2`. */
export function namePorts(
  part: string,
  { port, ports = {}, instances = 1 }: PartInput,
  portBase: number,
): [name: string, port: string][] {
  const named: [string, number][] = Object.entries(ports).map(([name, number]) => [`port.${part}.${name}`, number])
  const all: [string, number][] = port === undefined ? named : [[`port.${part}`, port], ...named]
  const numbered = Array.from({ length: instances > 1 ? instances : 0 }, (_, i) =>
    all.map(([name, first]): [string, number] => [`${name}.${i + 1}`, first + i]),
  )
  // A port that somebody named "2" keeps its name.
  return [...numbered.flat(), ...all].map(([name, number]) => [name, String(number + portBase)])
}
