// `npm start`: set up, bring MRG up on this machine, show what brings it down, and stay until Ctrl-C.
// `npm start -- --once` only shows the overview and ends. `npm run ha` is the same with the profile `ha`; what is given
// after `--`, such as --install, goes to `lab up`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

await import('./set-up.mjs')

const base = Number(process.env.LINCHPIN_PORT_BASE || 0)
const addresses = `
  the hub          http://localhost:${7400 + base}/     what is at risk, what is down, drills, evidence, documents
  riders' API      http://localhost:${7401 + base}/openapi.json     how to book with curl: mrg/README.md
  dispatch desk    http://localhost:${7405 + base}/desk/            operator token: lab-operator
  rider load       http://localhost:${7419 + base}/status

  npx linchpin lab status mrg              every part and how it does
  npx linchpin lab break bbd hang --lab mrg      then watch the desk; lab mend bbd --lab mrg
  npx linchpin lab verify mrg              every order accounted for

Ctrl-C stops it; data is kept (npm run reset deletes it).
`

// The first Ctrl-C reaches the command that runs at that moment too; it cleans up after itself.
let isInterrupted = false
let hub
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    isInterrupted = true
  })

if (process.argv.includes('--once')) process.exit(await linchpin('assess', 'mrg/vault'))
const status = await linchpin('lab', 'up', 'mrg', ...process.argv.slice(2))
if (status !== 0) process.exit(status)
if (!isInterrupted) {
  await linchpin('assess', 'mrg/vault')
  hub = spawn(process.execPath, ['bin/linchpin.js', 'serve', 'mrg/vault', '--port', String(7400 + base)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  process.stdout.write(addresses)
  while (!isInterrupted) await new Promise((resolve) => setTimeout(resolve, 200))
}
// A drill that runs from its pages undoes its faults first.
if (hub?.exitCode === null) {
  hub.kill('SIGTERM')
  await once(hub, 'exit')
}
process.exit(await linchpin('lab', 'down', 'mrg'))

/** In a process of its own, and out of reach of Ctrl-C when it is to clean up. */
async function linchpin(...args) {
  const options = { stdio: 'inherit', detached: args[1] === 'down' }
  const child = spawn(process.execPath, ['bin/linchpin.js', ...args], options)
  const [code] = await once(child, 'exit')
  return code ?? 3
}
