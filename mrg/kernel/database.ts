import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import type { Logger } from 'pino'
import { openClient, routeTo } from './connect.ts'
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
  /** Throws when the database does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}

/** A statement that takes longer ends with an error: a frozen database must not freeze its callers. */
const STATEMENT_MS = 5_000
const LOCK_POLL_MS = 50
/** Making a connection costs PostgreSQL a process: one that was needed a minute ago is kept. */
const IDLE_MS = 60_000

export function openDatabase<Tables>(options: DatabaseOptions): Database<Tables> {
  const pool = openPool(options, 'on')
  const relaxedPool = openPool(options, 'off')
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const relaxed = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: relaxedPool }) })
  return {
    db,
    relaxed,
    relaxedPool,
    check: async () => void (await sql`select 1`.execute(relaxed)),
    close: async () => void (await Promise.all([db.destroy(), relaxed.destroy()])),
  }
}

function openPool({ url, schema, log }: DatabaseOptions, synchronousCommit: 'on' | 'off'): pg.Pool {
  return connect(url, log, {
    options: `-c search_path=${schema},public -c synchronous_commit=${synchronousCommit}`,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 1_000,
    idle_in_transaction_session_timeout: STATEMENT_MS,
  })
}

/** For a library that keeps its own tables, and its own time for each statement. */
export function openLibraryPool(options: { url: string; log: Logger; idleTransactionMs: number }): pg.Pool {
  const { url, log, idleTransactionMs } = options
  return connect(url, log, { idle_in_transaction_session_timeout: idleTransactionMs })
}

function connect(url: string, log: Logger, config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    ...routeTo(url, PreparedClient),
    idleTimeoutMillis: IDLE_MS,
    ...config,
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
