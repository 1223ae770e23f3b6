import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import type { Logger } from 'pino'
import { openClient, routeTo, routeToStandby } from './connect.ts'
import { NearReads } from './near-reads.ts'
import { PreparedClient } from './prepared-client.ts'

/** `int8` as a number: money and counts here stay far below 2^53. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

export interface DatabaseOptions {
  readonly url: string
  /** The service's own schema; tables are named without it. */
  readonly schema: string
  readonly log: Logger
}

export interface Database<Tables> {
  /** What is committed through it is on disk: for everything that somebody is told of, or that must precede a call. */
  readonly db: Kysely<Tables>
  /**
   * What is committed through it survives the end of any process, but the last half second not a crash of PostgreSQL:
   * for what is then done again anyway, such as moving events on. Commits keep their order in both.
   */
  readonly relaxed: Kysely<Tables>
  readonly relaxedPool: pg.Pool
  /**
   * For what may be a moment old: `work` reads of a standby that is at most some seconds behind, else of the leader. It may
   * be called twice. What a caller has just written it reads through `db`.
   */
  readNear<Result>(work: (near: Kysely<Tables>) => Promise<Result>): Promise<Result>
  /** Throws when the database does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}

/** A statement that takes longer ends with an error: a frozen database must not freeze its callers. */
const STATEMENT_MS = 5_000
/** A standby that takes longer than this is left for the leader. */
const NEAR_MS = 1_000
const STALE_MS = 3_000
const LOCK_POLL_MS = 50
/** Making a connection costs PostgreSQL a process: one that was needed a minute ago is kept. */
const IDLE_MS = 60_000

export function openDatabase<Tables>(options: DatabaseOptions): Database<Tables> {
  const pool = openPool(options, 'on')
  const relaxedPool = openPool(options, 'off')
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const relaxed = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: relaxedPool }) })
  const near = openNear(options, relaxed)
  return {
    db,
    relaxed,
    relaxedPool,
    readNear: (work) => (near ? near.reads.read(work) : work(relaxed)),
    check: async () => void (await sql`select 1`.execute(relaxed)),
    close: async () => void (await Promise.all([db.destroy(), relaxed.destroy(), near?.standby.destroy()])),
  }
}

/**
 * Reads of a standby; undefined where there is none. Something is written every second (executors say that they live), so
 * one that has replayed nothing for a while is cut off, or stopped, or no standby any more.
 */
function openNear<Tables>(options: DatabaseOptions, leader: Kysely<Tables>) {
  const route = routeToStandby(options.url, PreparedClient)
  if (!route) return undefined
  const settings = { search_path: searchPathOf(options.schema), statement_timeout: NEAR_MS }
  const pool = connect({ ...options, route, settings }, { query_timeout: NEAR_MS })
  const standby = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const isFresh = async () => {
    const { rows } = await sql<{ fresh: boolean }>`
      select pg_is_in_recovery() and now() - pg_last_xact_replay_timestamp() < ${`${STALE_MS} milliseconds`}::interval
        as fresh`.execute(standby)
    return rows[0]?.fresh === true
  }
  return { standby, reads: new NearReads<Kysely<Tables>>({ leader, standby, isFresh }) }
}

function searchPathOf(schema: string): string {
  return `${pg.escapeIdentifier(schema)}, public`
}

function openPool({ url, schema, log }: DatabaseOptions, synchronousCommit: 'on' | 'off'): pg.Pool {
  const settings = {
    search_path: searchPathOf(schema),
    synchronous_commit: synchronousCommit,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
  }
  return connect({ route: routeTo(url, PreparedClient), log, settings }, { query_timeout: STATEMENT_MS + 1_000 })
}

/** For a library that keeps its own tables, and its own time for each statement. */
export function openLibraryPool(options: { url: string; log: Logger; idleTransactionMs: number }): pg.Pool {
  const { url, log, idleTransactionMs } = options
  return connect(
    { route: routeTo(url, PreparedClient), log, settings: { idle_in_transaction_session_timeout: idleTransactionMs } },
    {},
  )
}

interface Connecting {
  readonly route: pg.PoolConfig
  readonly log: Logger
  readonly settings: Readonly<Record<string, string | number>>
}

function connect({ route, log, settings }: Connecting, config: pg.PoolConfig): pg.Pool {
  const set = Object.entries(settings).map(([name, value]) => `set ${name} to ${value}`)
  const pool = new pg.Pool({
    ...route,
    idleTimeoutMillis: IDLE_MS,
    ...config,
    // Once the connection is made, not with it: a pooler takes no parameters from who connects.
    verify: (client, done) => void client.query(set.join('; ')).then(() => done(), done),
  })
  const report = (error: Error) => log.warn({ err: error }, 'a connection to the database broke')
  pool.on('error', report)
  // One that is in use and breaks between two statements would end the process otherwise.
  pool.on('connect', (client) => client.on('error', report))
  return pool
}

/** Brings the service's schema up to date from its folder of SQL files. */
export function migrate(options: { url: string; schema: string; folder: string }): Promise<void> {
  const { url, schema, folder } = options
  return inTurn(url, schema, async (client) => {
    await client.query(`create schema if not exists ${pg.escapeIdentifier(schema)}`)
    await runner({
      dbClient: client,
      dir: folder,
      schema,
      migrationsSchema: schema,
      migrationsTable: 'migrations',
      direction: 'up',
      noLock: true,
      log: () => undefined,
    })
  })
}

/** Instances that start at once do `work` one after the other: the lock is the database's, and ends with its connection. */
export async function inTurn(url: string, name: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = openClient(url)
  await client.connect()
  try {
    // Asked for again and again, not waited for: a statement that waits holds up `create index concurrently`.
    while (!(await tryLock(client, name))) await pause(LOCK_POLL_MS)
    await work(client)
  } finally {
    await client.end()
  }
}

async function tryLock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select pg_try_advisory_lock(hashtext($1)) as taken', [`start ${name}`])
  return rows[0].taken
}

/** The folder of MRG, from the compiled files and from the sources alike. */
export const mrgFolder = fileURLToPath(new URL('.', import.meta.resolve('@linchpin/mrg/package.json')))
