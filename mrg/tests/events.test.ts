import { randomUUID } from 'node:crypto'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Kysely, sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type LabWorld, until } from '../../tests/lab-world.ts'
import { isLacking } from '../../tests/packages.ts'
import type { Event } from '../contracts/event.ts'
import { openTransport } from '../kernel/events/open-transport.ts'
import { readRabbitmqUrl } from '../kernel/events/rabbitmq-url.ts'
import { countDeadLetters, replayDeadLetters } from '../kernel/events/replay-dead-letters.ts'
import { describeTopology } from '../kernel/events/topology.ts'
import { type Database, handleOnce, openDatabase, relayOutbox, writeEvent } from '../kernel/index.ts'

// MRG's events over a RabbitMQ of three nodes: its profile `broker`, with a PostgreSQL for the outbox and the other
// transport. Every event that was written is counted at the consumer, however often it came.

const mrg = fileURLToPath(new URL('..', import.meta.url))
const isSkipped = await isLacking("MRG's broker", {
  packages: ['rabbitmq-server'],
  programs: ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/usr/bin/epmd'],
})

const WITHIN_MS = 120_000
const log = pino({ level: 'silent' })

describe.skipIf(isSkipped)("MRG's events", () => {
  let world: LabWorld
  let database: Database<never>
  let environment: { DATABASE: string; RABBITMQ: NonNullable<ReturnType<typeof readRabbitmqUrl>> }
  const stops: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    const lab = readFileSync(join(mrg, 'lab.yaml'), 'utf8').replace(
      'parts: [epmd, rabbitmq]',
      'parts: [epmd, rabbitmq, postgresql]',
    )
    world = await createWorld(lab)
    cpSync(join(mrg, 'ha'), join(world.folder, 'ha'), { recursive: true })
    const { status, stderr } = await world.lab('up', '.', '--profile', 'broker')
    expect([status, stderr]).toEqual([0, expect.stringContaining('up: 5 started')])
    const hosts = [7490, 7491, 7492].map((port) => `127.0.0.1:${port + world.portBase}`)
    const RABBITMQ = readRabbitmqUrl(`amqp://mrg:lab-mrg@${hosts.join(',')}`)
    if (!RABBITMQ) throw new Error('not an address')
    environment = { DATABASE: `postgres://postgres@127.0.0.1:${7432 + world.portBase}/mrg`, RABBITMQ }
    database = openDatabase({ url: environment.DATABASE, schema: 'public', log })
    for (const statement of [
      sql`create table outbox (id bigint generated always as identity primary key, event jsonb not null)`,
      sql`create table inbox (topic text, order_id uuid, status text, version int, primary key (topic, order_id, status, version))`,
      sql`create table applied (version int not null)`,
    ])
      await statement.execute(database.db)
  }, 240_000)
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop().catch(() => undefined)
    await world.dispose()
  }, 60_000)

  const orderId = randomUUID()
  const eventOf = (version: number): Event => ({
    topic: 'dispatch',
    orderId,
    status: 'EN_ROUTE',
    version,
    at: new Date().toISOString(),
    data: {},
  })
  const open = (EVENTS: 'postgresql' | 'rabbitmq') => openTransport({ ...environment, EVENTS }, { database, log })
  const write = (versions: readonly number[]) =>
    database.db.transaction().execute(async (transaction) => {
      for (const version of versions) await writeEvent(transaction, eventOf(version))
    })
  const applied = async () => {
    const { rows } = await sql<{ version: number }>`select version from applied order by version`.execute(database.db)
    return rows.map(({ version }) => version)
  }
  const outboxOf = async () => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from outbox`.execute(database.db)
    return Number(rows[0]?.n)
  }
  const apply = (event: Event, db: Kysely<never>) =>
    handleOnce(db, event, async (transaction) => {
      await sql`insert into applied values (${event.version})`.execute(transaction)
    })

  it('are each applied once while the transport is switched there and back and a node dies', async () => {
    const consuming = await open('postgresql')
    const subscription = await consuming.subscribe({ consumer: 'notification', handle: apply })
    stops.push(() => subscription.stop())
    const batch = (n: number) => Array.from({ length: 100 }, (_, i) => n * 100 + i)
    const through = async (EVENTS: 'postgresql' | 'rabbitmq', versions: readonly number[]) => {
      const transport = await open(EVENTS)
      const relay = relayOutbox({ pool: database.relaxedPool, transport, log })
      await write(versions)
      relay.nudge()
      return async () => {
        await relay.stop()
        await transport.close()
      }
    }
    // Each one is stopped wherever it stands; what it left in the outbox goes through the next.
    const first = await through('postgresql', batch(0))
    const second = await through('rabbitmq', batch(1))
    await first()
    await until('RabbitMQ has carried some', async () => (await outboxOf()) === 0, WITHIN_MS)
    const leader = (await world.status()).parts.find(({ figures }) => figures.leads !== undefined)?.name ?? 'rabbitmq.1'
    await world.breakPart(leader, 'kill')
    await write(batch(2))
    await until('the outbox is empty', async () => (await outboxOf()) === 0, WITHIN_MS)
    await second()
    const third = await through('postgresql', batch(3))
    await until('all are there', async () => (await applied()).length >= 400, WITHIN_MS)
    await third()
    await world.mendPart()
    expect(await applied()).toEqual([0, 1, 2, 3].flatMap(batch))
  }, 240_000)

  it('stay in the outbox while two of three nodes are down, and go on afterwards', async () => {
    await sql`delete from applied`.execute(database.db)
    const transport = await open('rabbitmq')
    await world.breakPart('rabbitmq.1', 'kill')
    await world.breakPart('rabbitmq.2', 'kill')
    await write([1000])
    await expect(transport.publish([eventOf(1001)])).rejects.toThrow('RabbitMQ does not confirm')
    expect(await outboxOf()).toBe(1)
    await world.mendPart()
    const relay = relayOutbox({ pool: database.relaxedPool, transport, log })
    await until('it was applied', async () => (await applied()).includes(1000), WITHIN_MS)
    await relay.stop()
    await transport.close()
    expect(await outboxOf()).toBe(0)
  }, 240_000)

  it('leave RabbitMQ only when what they led to is as durable as it will be', async () => {
    for (const stop of stops.splice(0)) await stop()
    const consumer = 'notification'
    const transport = await open('rabbitmq')
    const handled: number[] = []
    const subscription = await transport.subscribe({
      consumer,
      handle: async (event, db) => {
        await apply(event, db)
        handled.push(event.version)
      },
    })
    // A standby that is not there: what waits until it is durable waits for it, and only that.
    const setStandby = async (name: string) => {
      await sql`alter system set synchronous_standby_names = ${sql.lit(name)}`.execute(database.relaxed)
      await sql`select pg_reload_conf()`.execute(database.relaxed)
    }
    const areWaiting = async (query: string) => {
      const waiting = sql`select from pg_stat_activity where wait_event = 'SyncRep' and query like ${query}`
      return (await waiting.execute(database.relaxed)).rows.length > 0
    }
    await setStandby('nobody')
    const isInForce = async () => {
      void sql`insert into applied values (-1)`.execute(database.db)
      return areWaiting('insert%')
    }
    await until('commits wait', isInForce, WITHIN_MS)
    await transport.publish([eventOf(2000)])
    await until('what was done with it waits', () => areWaiting('commit'), WITHIN_MS)
    expect(handled).toEqual([])
    await setStandby('')
    await until('it is handled', async () => handled.includes(2000), WITHIN_MS)
    await subscription.stop()
    await transport.close()
  }, 240_000)

  it('are laid aside when nobody can read them, and come back when asked for', async () => {
    const address = environment.RABBITMQ
    const consumer = 'order-detail'
    const { Connection } = await import('rabbitmq-client')
    const connection = new Connection({
      hosts: [...address.hosts],
      username: address.username,
      password: address.password,
    })
    connection.on('error', () => undefined)
    const publisher = connection.createPublisher({ confirm: true, ...describeTopology() })
    await publisher.send({ routingKey: consumer, durable: true }, { what: 'a letter of another age' })
    const transport = await open('rabbitmq')
    const subscription = await transport.subscribe({ consumer, handle: apply })
    await until('it is laid aside', async () => (await countDeadLetters({ address, consumer, log })) === 1, WITHIN_MS)
    await subscription.stop()
    expect(await replayDeadLetters({ address, consumer, log })).toBe(1)
    expect(await countDeadLetters({ address, consumer, log })).toBe(0)
    const { messageCount } = await connection.queueDeclare({ queue: consumer, passive: true })
    expect(messageCount).toBe(1)
    await transport.close()
    await publisher.close()
    await connection.close()
  }, 240_000)
})
