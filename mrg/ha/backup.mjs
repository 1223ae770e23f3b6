// Backs the database up: a whole backup first, then what changed, again and again, always from whoever leads. WAL is
// archived by each leader itself. It runs as the owner of the cluster, from the folder of its data, and answers over
// HTTP how it does.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const { HOST, PORT, MEMBERS = '', EVERY_S = '600' } = process.env
const ANSWER_WITHIN_MS = 1_000
const LOOK_EVERY_MS = 3_000
const COMMAND_MS = 300_000
const run = promisify(execFile)
const state = { backups: 0, backedUpAt: null, tookMs: null, trouble: 'no backup yet' }
// MEMBERS is a list of `REST address=configuration file`.
const members = MEMBERS.split(' ').map((text) => {
  const [rest, config] = text.split('=')
  return { rest, config }
})

createServer((_request, response) => {
  response.writeHead(state.backups > 0 ? 200 : 503, { 'content-type': 'application/json' })
  response.end(JSON.stringify(state))
}).listen(Number(PORT), HOST)

let dueAt = 0
for (;;) {
  const leader = await findLeader()
  if (leader && Date.now() >= dueAt)
    await backUp(leader)
      .then(() => {
        dueAt = Date.now() + Number(EVERY_S) * 1000
      })
      .catch(tell)
  if (leader && (await isIncomplete(leader))) await writeSomething(leader).catch(tell)
  await pause(LOOK_EVERY_MS)
}

async function backUp({ config }) {
  const pgbackrest = (...words) =>
    run('pgbackrest', ['--config', config, '--stanza', 'mrg', ...words], { timeout: COMMAND_MS })
  const began = Date.now()
  await pgbackrest('stanza-create')
  await pgbackrest('--type', state.backups === 0 ? 'full' : 'incr', 'backup')
  Object.assign(state, {
    backups: state.backups + 1,
    backedUpAt: new Date().toISOString(),
    tookMs: Date.now() - began,
    trouble: null,
  })
}

async function findLeader() {
  for (const member of members) if ((await ask(member, '/primary'))?.status === 200) return member
  return undefined
}

async function isIncomplete(leader) {
  const answer = await ask(leader, '/cluster')
  const { members: all = [] } = answer ? await answer.json().catch(() => ({})) : {}
  return all.some(({ state }) => state !== 'running' && state !== 'streaming')
}

/**
 * A member that was rewound waits for WAL up to where the leader stands. Just after the archive asked for a new file
 * that is 40 bytes into a file in which nothing stands yet: where nobody writes, it would wait for ever.
 */
async function writeSomething({ config }) {
  const lines = readFileSync(config, 'utf8').split('\n')
  const read = (key) => lines.find((line) => line.startsWith(key))?.split('=')[1] ?? ''
  const statement = "select pg_logical_emit_message(false, 'backup', '')"
  const address = ['-h', read('pg1-socket-path'), '-p', read('pg1-port'), '-U', read('pg1-user'), '-d', 'postgres']
  await run('psql', [...address, '-qAtc', statement], { timeout: ANSWER_WITHIN_MS * 5 })
}

function ask({ rest }, path) {
  return fetch(rest + path, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(() => undefined)
}

/** pgBackRest ends with hints; what went wrong is the first line that says so. */
function tell(error) {
  const lines = String(error.stderr || error.message)
    .trim()
    .split('\n')
  state.trouble = lines.find((line) => line.includes('ERROR')) ?? lines.at(-1)
  console.error(state.trouble)
}
