import { DBOS } from '@dbos-inc/dbos-sdk'
import type pg from 'pg'
import type { Logger } from 'pino'
import { type Background, repeat } from '../../kernel/index.ts'

const BEAT_MS = 500
const LOOK_MS = 1_000
/** An instance that was not seen for so long is dead, or frozen: others go on with its workflows. */
const SILENCE = '2 seconds'
const BATCH = 200
const FAILED_LOOK_MS = 5_000
/** So that one that fails again and again does not do so all the time. */
const FAILED_REST_MS = 10_000
/** What is older is for people. */
const FAILED_WITHIN_MS = 24 * 3_600_000
const LOCK = 7403

/** Writes down that this instance lives, from before its first workflow on. */
export async function keepAlive(pool: pg.Pool, options: { id: string; log: Logger }): Promise<Background> {
  const beat = async (): Promise<undefined> => {
    await pool.query('insert into executor (id, seen) values ($1, now()) on conflict (id) do update set seen = now()', [
      options.id,
    ])
  }
  await beat()
  return repeat(beat, { name: 'heartbeat', everyMs: BEAT_MS, log: options.log })
}

/**
 * Takes over the workflows of instances that are silent. The engine's open-source build recovers only workflows of the
 * same executor; an executor here is one life of one process, so that nobody waits for it to come back. A silent
 * instance is forgotten once nothing of it is left. One instance does this at a time; if it freezes, the database ends
 * its transaction and so gives the lock back.
 */
export function takeOver(pool: pg.Pool, log: Logger): Background {
  return repeat(() => takeOverOnce(pool, log), { name: 'take-over', everyMs: LOOK_MS, log })
}

async function takeOverOnce(pool: pg.Pool, log: Logger): Promise<undefined> {
  const silent = await pool.query(`select from executor where seen < now() - interval '${SILENCE}' limit 1`)
  if (silent.rows.length === 0) return
  const client = await pool.connect()
  let isBroken = false
  try {
    await client.query(`begin; set local idle_in_transaction_session_timeout = '1500ms'`)
    const { rows: locks } = await client.query(`select pg_try_advisory_xact_lock(${LOCK}) as taken`)
    if (locks[0].taken) await takeOverSilent(client, log)
    await client.query('commit')
  } catch (error) {
    isBroken = true
    throw error
  } finally {
    client.release(isBroken)
  }
}

async function takeOverSilent(client: pg.PoolClient, log: Logger): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select id from executor where seen < now() - interval '${SILENCE}' order by seen limit 10`,
  )
  for (const { id } of rows) {
    const query = { status: 'PENDING', executorId: id, loadInput: false, loadOutput: false, limit: BATCH } as const
    const left = await DBOS.listWorkflows(query)
    if (left.length > 0) {
      log.warn({ executor: id, workflows: left.length }, 'an instance is silent; its workflows go on here')
      await DBOS.resumeWorkflows(left.map(({ workflowID }) => workflowID))
    } else {
      await client.query(`delete from executor where id = $1 and seen < now() - interval '${SILENCE}'`, [id])
    }
  }
}

/**
 * Begins those workflows anew that ended with an error: only a fault of the engine or of the code does that, and nobody else
 * would go on with their orders. Every step may run twice, so all of them run again. Two instances that find the same one
 * do this once: what is no longer ended cannot be begun anew.
 */
export function beginFailedAnew(log: Logger): Background {
  return repeat(() => beginFailedAnewOnce(log), { name: 'failed workflows', everyMs: FAILED_LOOK_MS, log })
}

async function beginFailedAnewOnce(log: Logger): Promise<undefined> {
  const now = Date.now()
  const failed = await DBOS.listWorkflows({
    status: 'ERROR',
    startTime: new Date(now - FAILED_WITHIN_MS).toISOString(),
    loadInput: false,
    loadOutput: false,
    limit: BATCH,
  })
  for (const { workflowID, updatedAt = now } of failed) {
    if (now - updatedAt < FAILED_REST_MS) continue
    log.error({ workflow: workflowID }, 'a workflow ended with an error; it begins anew')
    await DBOS.rewindWorkflow(workflowID)
  }
}
