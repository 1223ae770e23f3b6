import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, isListening, type LabWorld, listProcessesOf, until } from './lab-world.ts'

// The shop as a person meets it: brought up for real, seen by HTTP from outside, broken in each way, mended, ended.

let world: LabWorld
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.dispose())

async function visit(): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${7600 + world.portBase}/`, { headers: { connection: 'close' } })
  return ((await response.json()) as { articles: unknown }).articles === 'unknown' ? 'no numbers' : 'numbers'
}

async function order(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${7600 + world.portBase}/orders`, {
    method: 'POST',
    headers: { connection: 'close' },
    body: '{"article":"apple"}',
  })
  await response.arrayBuffer()
  return response.status
}

describe('the shop', () => {
  it('comes up in order, each part ready before those that depend on it', async () => {
    const { status, stderr } = await world.lab('up')
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const parts = stderr.split('\n').map((line) => line.split(/\s+/).slice(0, 2).join(' '))
    expect(parts[0]).toBe('stock ready')
    expect(parts.slice(1, 3).sort()).toEqual(['shop.1 ready', 'shop.2 ready'])
    expect(parts[3]).toBe('web ready')
    expect([await visit(), await order()]).toEqual(['numbers', 201])
  })

  it('is left as it is by a second up', async () => {
    const before = await world.status()
    const { status, stderr } = await world.lab('up')
    expect(stderr).toContain('0 started; 4 ran already')
    expect(status).toBe(0)
    const pids = (parts: readonly { pid: number | undefined }[]) => parts.map(({ pid }) => pid)
    expect(pids((await world.status()).parts)).toEqual(pids(before.parts))
  })

  const faults = [
    ['stock', 'kill'],
    ['stock', 'freeze'],
    ['stock', 'hang'],
    ['stock', 'slow', { delay: '2000' }],
    ['stock', 'errors'],
    ['shop>stock', 'latency', { delay: '2s' }],
    ['shop>stock', 'blackhole'],
    ['shop>stock', 'reset'],
    ['shop>stock', 'refuse'],
  ] as const
  for (const [target, fault, settings] of faults)
    it(`shows its users ${target} ${fault}, and nothing of it once mended`, async () => {
      await world.breakPart(target, fault, settings)
      const { parts, links } = await world.status()
      expect([...parts, ...links].find(({ name }) => name === target)?.faults).toEqual([fault])
      expect(await Promise.all([visit(), order()])).toEqual(['no numbers', 503])
      expect(await world.mendPart(target)).toMatchObject({ mended: [{ target, fault }], left: [] })
      await until('the shop works again', async () => (await visit()) === 'numbers' && (await order()) === 201)
    })

  it('goes on with one of two shops', async () => {
    await world.breakPart('shop.1', 'kill')
    expect([await order(), await order(), await order()]).toEqual([201, 201, 201])
    const { stderr } = await world.lab('break', 'shop', 'kill')
    expect(stderr).toContain('shop.2: kill. Mend it: linchpin lab mend shop.2')
    expect([await visit(), await order()]).toEqual(['no numbers', 503])
    expect((await world.lab('mend')).stderr).toContain('shop.2: kill is mended')
    await until('the shop takes orders', async () => (await order()) === 201)
  })

  it('lost no confirmed order through all of this', async () => {
    const { status, stdout } = await world.lab('verify')
    expect(stdout).toMatch(/^\d+ orders, \d+ reservations, 0 violations\n$/)
    expect(status).toBe(0)
  })

  it('says so when it did', async () => {
    const file = join(world.folder, '.linchpin/labs/shop/data/stock/reservations.jsonl')
    const [first] = readFileSync(file, 'utf8').split('\n')
    appendFileSync(file, `${first}\n`)
    const { status, stdout } = await world.lab('verify')
    expect(stdout).toContain('was reserved 2 times')
    expect(status).toBe(1)
  })

  it('is gone without a trace after down, and its data stays', async () => {
    const { parts, links } = await world.status()
    expect(links).toHaveLength(2)
    expect((await world.lab('down')).stderr).toContain('down: 4 stopped.')
    expect(listProcessesOf(world.folder)).toEqual([])
    const ports = [...parts.flatMap((part) => part.ports), 7605 + world.portBase, 7606 + world.portBase]
    expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false))
    expect((await world.status()).parts.map(({ state }) => state)).toEqual(Array(4).fill('stopped'))
    expect((await world.lab('down')).stderr).toContain('nothing was running')
  })
})
