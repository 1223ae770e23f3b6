import { chownSync, cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openClient } from '../mrg/kernel/connect.ts'
import { openDatabase } from '../mrg/kernel/database.ts'
import { restoreInto } from '../mrg/operations/restore-into.ts'
import { explainNoMachines } from '../src/lab/machine/machines.ts'
import { createWorld, isLiving, type LabWorld, until } from './lab-world.ts'
import { isLacking } from './packages.ts'

// MRG's database in its profile `cluster`: three PostgreSQL under Patroni, three etcd, its backups, no services. Its leader is killed
// and cut off while rows are written through the router that the services use, and every row that was acknowledged is counted.

const mrg = fileURLToPath(new URL('../mrg/', import.meta.url))
const isSkipped = await isLacking("MRG's cluster", {
  packages: ['postgresql-15', 'patroni', 'etcd-server', 'python3-etcd', 'pgbackrest'],
  programs: ['/usr/bin/patroni', '/usr/bin/etcd', '/usr/lib/postgresql/15/bin/postgres', '/usr/bin/pgbackrest'],
})

const WITHIN_MS = 120_000

const hasMachines = explainNoMachines() === undefined

describe.skipIf(isSkipped || !hasMachines)("MRG's database cluster", () => {
  let world: LabWorld
  let url: string
  beforeAll(async () => {
    world = await createWorld(readFileSync(join(mrg, 'lab.yaml'), 'utf8'))
    cpSync(join(mrg, 'ha'), join(world.folder, 'ha'), { recursive: true })
    const network = Math.floor(world.portBase / 100) % 256
    const at = (first: number) =>
      [0, 1, 2].map((i) => `10.213.${network}.${i + 1}:${first + world.portBase + i}`).join(',')
    url = `postgres://mrg:lab-mrg@${at(7433)}/mrg?leader=${at(7436)}`
    const { status, stderr } = await world.lab('up', '.', '--profile', 'cluster')
    expect([status, stderr]).toEqual([0, expect.stringContaining('up: 7 started')])
  }, 240_000)
  afterAll(async () => {
    await world.dispose()
  }, 60_000)

  const rolesOf = async () =>
    (await world.status()).parts.filter(({ part }) => part === 'patroni').map(({ figures }) => figures.role)
  // A member that is cut off may still say that it leads: it reads that from the etcd beside it, which is cut off as well.
  const leaders = async () => (await world.status()).parts.filter(({ figures }) => figures.role === 'leader')
  const isWhole = async () => (await rolesOf()).sort().join() === 'leader,replica,sync_standby'

  it('has a leader, a synchronous standby and another one', { timeout: WITHIN_MS }, async () => {
    await until('it is whole', isWhole, WITHIN_MS)
  })

  it('lets the services be no more than they need to be', { timeout: WITHIN_MS }, async () => {
    const { rows } = await query(url, 'select rolsuper, rolconnlimit from pg_roles where rolname = current_user')
    expect(rows).toEqual([{ rolsuper: false, rolconnlimit: 250 }])
  })

  it.each([
    ['is killed', { fault: 'kill', settings: {} }],
    ['is cut off from the other two, and still reached by its users', { fault: 'cut', settings: { from: 'machines' } }],
  ])('has another leader when its leader %s, and every acknowledged row', { timeout: 240_000 }, async (_, harm) => {
    await query(url, 'create table if not exists receipt (n int primary key)')
    await query(url, 'truncate receipt')
    const lost = (await leaders())[0]?.name ?? ''
    const acknowledged: number[] = []
    let n = 0
    const write = async () => {
      n++
      const { rowCount } = await query(url, `insert into receipt values (${n})`).catch(() => ({ rowCount: 0 }))
      if (rowCount === 1) acknowledged.push(n)
      return acknowledged.length
    }
    await until('rows are written', async () => (await write()) >= 10, WITHIN_MS)
    const [before] = await Promise.all([acknowledged.length, world.breakPart(lost, harm.fault, harm.settings)])
    await until('rows are written again', async () => (await write()) >= before + 20, WITHIN_MS)
    await until('there is another leader', async () => (await leaders()).some(({ name }) => name !== lost), WITHIN_MS)
    const { rows } = await query(url, 'select n from receipt')
    const there = new Set(rows.map((row) => row.n))
    expect(acknowledged.filter((one) => !there.has(one))).toEqual([])
    await world.mendPart()
    await until('it is whole again', isWhole, WITHIN_MS)
  })

  it('reads what may be a moment old of a standby, and of the leader when no standby answers', {
    timeout: 240_000,
  }, async () => {
    const log = { warn: () => undefined } as never
    const database = openDatabase<Record<string, never>>({ url, schema: 'public', log })
    const isOfStandby = () =>
      database.readNear(async (near) => {
        const asked = near.selectNoFrom(({ fn }) => fn<boolean>('pg_is_in_recovery').as('here'))
        return (await asked.executeTakeFirst())?.here
      })
    try {
      await query(url, 'create table if not exists beat (at timestamptz)')
      const isNear = async () => {
        await query(url, 'insert into beat values (now())')
        return (await isOfStandby()) === true
      }
      await until('a standby answers', isNear, WITHIN_MS)
      const members = (await world.status()).parts.filter(({ part }) => part === 'patroni')
      const standbys = members.filter(({ figures }) => figures.role !== 'leader')
      for (const { name } of standbys) await world.breakPart(name, 'freeze')
      expect(await isOfStandby()).toBe(false)
      await world.mendPart()
      await until('a standby answers again', isNear, WITHIN_MS)
    } finally {
      await database.close()
    }
  })

  it('is there again from its backup and its archive, which a file of an ended timeline does not stop', {
    timeout: 240_000,
  }, async () => {
    handInAnother((await leaders())[0]?.data ?? '', '000000010000000000000001')
    const { rows: written } = await query(url, 'select n, pg_walfile_name(pg_current_wal_lsn()) as wal from receipt')
    const isArchived = async () => {
      const { rows } = await query(url, `select last_archived_wal >= '${written[0].wal}' as done from pg_stat_archiver`)
      return rows[0].done === true
    }
    await until('its WAL is archived', isArchived, WITHIN_MS)
    const backup = (await world.status()).parts.find(({ part }) => part === 'backup')?.data ?? ''
    const restored = await restoreInto({ backup, port: 7479 + world.portBase })
    const { rows } = await query(restored.url, 'select n from receipt')
    await restored.remove()
    expect(rows.map(({ n }) => n).sort()).toEqual(written.map(({ n }) => n).sort())
  })

  it('leaves nothing behind when its supervisor was killed', { timeout: WITHIN_MS }, async () => {
    const { parts } = await world.status()
    const postmasters = parts.filter(({ part }) => part === 'patroni').map(({ data }) => readPostmaster(data))
    expect(postmasters.every(isLiving)).toBe(true)
    const record = readFileSync(join(world.folder, '.linchpin/labs/mrg/supervisor.json'), 'utf8')
    process.kill(JSON.parse(record).pid, 'SIGKILL')
    await world.down()
    expect(postmasters.filter(isLiving)).toEqual([])
    expect((await world.status()).strays).toEqual([])
  })
})

/** On a connection of its own, so that each row tells whether the database can be reached now. */
async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = openClient(url, { connectionTimeoutMillis: 3_000, query_timeout: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await client.query(text)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** As a leader that was rewound may: a file that the archive has, with something else in it. */
function handInAnother(data: string, file: string): void {
  const wal = join(data, 'cluster/pg_wal')
  const { uid, gid } = statSync(wal)
  const ready = join(wal, 'archive_status', `${file}.ready`)
  const another = readdirSync(wal).find((name) => /^[0-9A-F]{24}$/.test(name) && name !== file) ?? ''
  cpSync(join(wal, another), join(wal, file))
  writeFileSync(ready, '')
  for (const path of [join(wal, file), ready]) chownSync(path, uid, gid)
}

/** Patroni puts its server in the background, where it is no descendant of Patroni's any more. */
function readPostmaster(data: string): number {
  return Number(readFileSync(join(data, 'cluster/postmaster.pid'), 'utf8').split('\n')[0])
}
