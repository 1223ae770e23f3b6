// Backs the database up: a whole backup first, then what changed, again and again, always from whoever leads. WAL is
// archived by each leader itself. It runs as the owner of the cluster, from the folder of its data, and answers over
// HTTP how it does.
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const { HOST, PORT, MEMBERS = '', EVERY_S = '600' } = process.env
const LEADER_WITHIN_MS = 1_000
const AGAIN_MS = 3_000
const COMMAND_MS = 300_000
const run = promisify(execFile)
const state = { backups: 0, backedUpAt: null, tookMs: null, trouble: 'no backup yet' }

createServer((_request, response) => {
  response.writeHead(state.backups > 0 ? 200 : 503, { 'content-type': 'application/json' })
  response.end(JSON.stringify(state))
}).listen(Number(PORT), HOST)

for (;;) {
  const isDone = await backUp().catch((error) => {
    state.trouble = String(error.stderr || error.message)
      .trim()
      .split('\n')
      .at(-1)
    console.error(state.trouble)
    return false
  })
  await pause(isDone ? Number(EVERY_S) * 1000 : AGAIN_MS)
}

async function backUp() {
  const leader = await findLeader()
  if (!leader) throw new Error('no member leads')
  const pgbackrest = (...words) =>
    run('pgbackrest', ['--config', leader.config, '--stanza', 'mrg', ...words], { timeout: COMMAND_MS })
  const began = Date.now()
  await pgbackrest('stanza-create')
  await pgbackrest('--type', state.backups === 0 ? 'full' : 'incr', 'backup')
  Object.assign(state, {
    backups: state.backups + 1,
    backedUpAt: new Date().toISOString(),
    tookMs: Date.now() - began,
    trouble: null,
  })
  return true
}

/** MEMBERS is a list of `URL=configuration file`, where the URL answers 200 when its member leads. */
async function findLeader() {
  for (const member of MEMBERS.split(' ')) {
    const [url, config] = member.split('=')
    const answer = await fetch(url, { signal: AbortSignal.timeout(LEADER_WITHIN_MS) }).catch(() => undefined)
    if (answer?.status === 200) return { config }
  }
  return undefined
}
