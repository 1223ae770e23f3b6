import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createWorld, type LabWorld, until } from '../../tests/lab-world.ts'
import { isLacking } from '../../tests/packages.ts'
import { connectRedis, createCache } from '../kernel/index.ts'

// MRG's Redis in its profile `cache`: two Redis and three Sentinels. The one that is written to is killed, then frozen,
// then both are gone, while a service's cache is used as a service uses it.

const mrg = fileURLToPath(new URL('..', import.meta.url))
const isSkipped = await isLacking("MRG's cache", {
  packages: ['redis-server', 'redis-sentinel'],
  programs: ['/usr/bin/redis-server', '/usr/bin/redis-sentinel'],
})

const WITHIN_MS = 60_000
const log = pino({ level: 'silent' })
const number = z.int()

describe.skipIf(isSkipped)("MRG's cache", () => {
  let world: LabWorld
  let redis: ReturnType<typeof connectRedis>
  let cache: ReturnType<typeof createCache>
  beforeAll(async () => {
    world = await createWorld(readFileSync(join(mrg, 'lab.yaml'), 'utf8'))
    cpSync(join(mrg, 'ha'), join(world.folder, 'ha'), { recursive: true })
    const { status, stderr } = await world.lab('up', '.', '--profile', 'cache')
    expect([status, stderr]).toEqual([0, expect.stringContaining('up: 5 started')])
    const sentinels = [7483, 7484, 7485].map((port) => ({ host: '127.0.0.1', port: port + world.portBase }))
    redis = connectRedis({ sentinels, name: 'mrg' }, log)
    const settings = { deadline: '500ms', breaker: { consecutiveFailures: 5, openFor: '1s' } } as const
    cache = createCache('test>redis', { client: redis, settings, log })
    await until(
      'the Sentinels know each other and the replica',
      async () => (await seenBySentinels('3')) && (await isUsable()),
      WITHIN_MS,
    )
  }, 120_000)
  afterAll(async () => {
    redis?.disconnect()
    await world.dispose()
  }, 60_000)

  const partsOf = async (part: string) => (await world.status()).parts.filter((one) => one.part === part)
  /** A Sentinel looks for replicas every ten seconds: without one it knows nobody to put in the place of the other. */
  const seenBySentinels = async (count: string) =>
    (await partsOf('redis-sentinel')).every(({ figures }) => figures.sentinels === count && figures.replicas === '1')
  const primaryOf = async () => (await partsOf('redis')).find(({ figures }) => figures.role === 'master')?.name ?? ''
  const isWhole = async () => {
    const parts = await partsOf('redis')
    return parts.some(({ figures }) => figures.role === 'slave' && figures.link === 'up')
  }
  let n = 0
  /** Puts a number that was never there before, and finds it. */
  const isUsable = async () => {
    n++
    await cache.put('n', n, 60_000)
    return (await cache.get('n', number)) === n
  }

  it.each(['kill', 'freeze'])(
    'goes to the other Redis when its own meets a %s',
    async (fault) => {
      await until('it is whole', isWhole, WITHIN_MS)
      const primary = await primaryOf()
      await world.breakPart(primary, fault)
      await until('it can be used', isUsable, WITHIN_MS)
      expect(await primaryOf()).not.toBe(primary)
      await world.mendPart()
      await until('the old one follows', isWhole, WITHIN_MS)
      expect(await isUsable()).toBe(true)
    },
    180_000,
  )

  it('finds nothing and throws nothing while both are gone, and can be used afterwards', async () => {
    await until('it is whole', isWhole, WITHIN_MS)
    await world.breakPart('redis', 'kill')
    expect(await cache.get('n', number)).toBeUndefined()
    await cache.put('n', 0, 60_000)
    expect(await cache.drop('n')).toBe(false)
    await world.mendPart()
    await until('it can be used', isUsable, WITHIN_MS)
  }, 180_000)
})
