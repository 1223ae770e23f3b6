import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explainNoMachines } from '../src/lab/machine/machines.ts'
import { createWorld, type LabWorld } from './lab-world.ts'

// Parts on machines of their own, with a real network between them: needs root on Linux.

const lacking = explainNoMachines()
if (lacking !== undefined) process.stdout.write(`Machines are not tested: a lab with one ${lacking}\n`)

/** Answers, and says whether it reaches the other one. */
const NODE = `
const { createServer, get } = require('node:http')
const reach = (url) => new Promise((resolve) => {
  const asked = get(url, { agent: false, timeout: 700 }, (answer) => { answer.resume(); resolve(true) })
  asked.on('timeout', () => { asked.destroy(); resolve(false) }).on('error', () => resolve(false))
})
createServer(async ({ url }, response) => {
  response.end(JSON.stringify(url === '/peer' ? await reach(process.env.PEER) : true))
}).listen(Number(process.env.PORT), process.env.HOST)
`
const LAB = `lab: apart
parts:
  node:
    machine: far
    command: [node, -e, ${JSON.stringify(NODE)}]
    port: 7650
    instances: 2
    environment: { HOST: "\${host}", PORT: "\${port}", PEER: "http://\${host.node.2}:\${port.node.2}/" }
    ready: { http: "http://\${host}:\${port}/", within: 30s }
`

let world: LabWorld
let host: (instance: number) => string
beforeAll(async () => {
  world = await createWorld(LAB)
  host = (instance) =>
    `10.213.${Math.floor(world.portBase / 100) % 256}.${instance}:${7649 + instance + world.portBase}`
})
afterAll(() => world.dispose(), 60_000)

/** Undefined: no answer within a second. */
async function ask(instance: number, path: string): Promise<boolean | undefined> {
  const asked = fetch(`http://${host(instance)}${path}`, { signal: AbortSignal.timeout(1_000) })
  return asked.then((answer) => answer.json() as Promise<boolean>).catch(() => undefined)
}
const reach = async () => ({ first: await ask(1, '/'), second: await ask(2, '/'), peer: await ask(1, '/peer') })

/** What the kernel has of the lab's network. */
function listNetwork(): string[] {
  const { namespaces, cables } = { namespaces: ['netns', 'list'], cables: ['-brief', 'link', 'show'] }
  const network = Math.floor(world.portBase / 100) % 256
  return [namespaces, cables]
    .flatMap((words) => spawnSync('ip', words, { encoding: 'utf8' }).stdout.split('\n'))
    .filter((line) => new RegExp(`^(linchpin-?${network}\\b|lp${network}-)`).test(line))
}

describe.skipIf(lacking !== undefined)('a machine of its own', { timeout: 120_000 }, () => {
  it('has an address, is reached there, and reaches others', async () => {
    await world.up()
    expect(await reach()).toEqual({ first: true, second: true, peer: true })
    expect(listNetwork()).toHaveLength(5)
    const { parts } = await world.status()
    expect(parts.map(({ address, ports }) => `${address}:${ports[0]}`)).toEqual([host(1), host(2)])
  })

  it('reaches nobody when it is cut off, and is not reached', async () => {
    await world.breakPart('node.2', 'cut')
    expect(await reach()).toEqual({ first: true, second: undefined, peer: false })
    await world.mendPart('node.2')
    expect(await reach()).toEqual({ first: true, second: true, peer: true })
  })

  it('is still reached from here when it is cut off from the other machines', async () => {
    await world.breakPart('node.1', 'cut', { from: 'machines' })
    expect(await reach()).toEqual({ first: true, second: true, peer: false })
    await world.mendPart()
    expect(await reach()).toEqual({ first: true, second: true, peer: true })
  })

  it('is cut off from somebody it can be cut off from, or not at all', async () => {
    await expect(world.breakPart('node.1', 'cut', { from: 'nobody' })).rejects.toThrow(
      'A machine is cut off from everyone or machines, not from "nobody".',
    )
  })

  it('is gone with the lab, also when its supervisor was killed', async () => {
    const { pid } = JSON.parse(readFileSync(join(world.folder, '.linchpin/labs/apart/supervisor.json'), 'utf8'))
    process.kill(pid, 'SIGKILL')
    await world.down()
    expect(listNetwork()).toEqual([])
  })
})
