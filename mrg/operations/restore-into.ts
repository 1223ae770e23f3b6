import { type ExecFileOptions, execFile } from 'node:child_process'
import { chownSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const PG_CTL = '/usr/lib/postgresql/15/bin/pg_ctl'
const WITHIN_MS = 300_000
const START_WITHIN_S = 120
const LOOK_EVERY_MS = 250

export interface Restored {
  readonly url: string
  /** Until the files were there. */
  readonly copiedMs: number
  /** Until the server answered, with all archived WAL replayed. */
  readonly tookMs: number
  /** Ends the server and removes its data. */
  remove(): Promise<void>
}

/**
 * Restores the newest backup of a pgBackRest repository beside it, and all WAL that was archived since. The server that
 * starts there archives nothing and waits for no standby. Whoever owns `backup` owns it; only root can be somebody else.
 * Rejects with what pgBackRest or PostgreSQL says.
 */
export async function restoreInto({ backup, port }: { backup: string; port: number }): Promise<Restored> {
  const { uid, gid } = statSync(backup)
  const asOwner: ExecFileOptions = { cwd: '/', uid, gid, timeout: WITHIN_MS }
  const target = join(backup, 'restored')
  const stop = async () => {
    await run(PG_CTL, ['-D', target, '-m', 'immediate', 'stop'], asOwner).catch(() => undefined)
    rmSync(target, { recursive: true, force: true })
  }
  await stop()
  mkdirSync(target, { mode: 0o700 })
  chownSync(target, uid, gid)
  const began = performance.now()
  try {
    await run('pgbackrest', describeRestore({ backup, target }), asOwner)
    const copiedMs = Math.round(performance.now() - began)
    await run(PG_CTL, describeStart({ target, port }), asOwner)
    const url = `postgres://mrg@127.0.0.1:${port}/mrg`
    await waitUntilReplayed(url, began + WITHIN_MS)
    return { url, copiedMs, tookMs: Math.round(performance.now() - began), remove: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The server lets readers in as soon as the backup is consistent, with WAL of the archive still to come. */
async function waitUntilReplayed(url: string, until: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    while ((await client.query('select pg_is_in_recovery() as replaying')).rows[0]?.replaying) {
      if (performance.now() > until) throw new Error(`${url} still replays WAL after ${WITHIN_MS / 1000} s`)
      await pause(LOOK_EVERY_MS)
    }
  } finally {
    await client.end()
  }
}

function describeRestore({ backup, target }: { backup: string; target: string }): string[] {
  const options = [`repo1-path=${join(backup, 'repository')}`, `pg1-path=${target}`, 'stanza=mrg', 'log-level-file=off']
  // Recovery asks for WAL with the same options.
  return ['--no-config', ...options.map((option) => `--${option}`), `--lock-path=${join(backup, 'lock')}`, 'restore']
}

function describeStart({ target, port }: { target: string; port: number }): string[] {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${target}`,
    'archive_mode=off',
    'synchronous_standby_names=',
  ]
  const options = settings.map((setting) => `-c ${setting}`).join(' ')
  const log = join(target, 'server.log')
  return ['-D', target, '-l', log, '-w', '-t', String(START_WITHIN_S), '-o', options, 'start']
}
