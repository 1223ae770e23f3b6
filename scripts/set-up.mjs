// Brings a fresh clone to a built one, and returns at once when nothing changed.
// It runs before anything is installed, so it uses nothing but Node.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const LOCK = '.set-up.lock'
const STAMP = 'node_modules/.set-up'

await setUp()

async function setUp() {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)))
  refuseOldNode()
  await takeLock()
  try {
    installPackages()
    compile()
  } finally {
    rmSync(LOCK, { force: true })
  }
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  say(`Linchpin needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and run this again.`)
  process.exit(3)
}

/** Two commands started at once set up one after the other; the lock of a dead process is taken over. */
async function takeLock() {
  let isWaiting = false
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const owner = readOwner()
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(LOCK, { force: true })
      continue
    }
    if (!isWaiting) say(`Waiting for another set-up${owner ? ` (process ${owner})` : ''}`)
    isWaiting = true
    await wait(200)
  }
}

/** Undefined while the owner has created the file but not yet written its number. */
function readOwner() {
  try {
    return Number(readFileSync(LOCK, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function installPackages() {
  const inputs = [process.version, process.platform, process.arch, readFileSync('package-lock.json', 'utf8')]
  const wanted = createHash('sha256').update(inputs.join('\n')).digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return
  say('Installing packages (once)')
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(STAMP, wanted)
}

/** Compiles what changed, then packs the command line into one file with its machine code: it starts in half the time. */
function compile() {
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-b'])
  if (!isNewer('mrg/dist/bundle/api-gateway.mjs', 'mrg/dist/.tsbuildinfo', 'guard/dist/.tsbuildinfo'))
    run(process.execPath, ['scripts/bundle-mrg.mjs'])
  if (!isNewer('web/dist/index.html', ...listFiles('web/src'), 'web/index.html', 'web/vite.config.ts', STAMP))
    run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'error'])
  if (isNewer('dist/bundle/main.cjs', 'dist/.tsbuildinfo')) return
  rmSync('dist/bundle', { recursive: true, force: true })
  const names = ['--entry-file-names', '[name].cjs', '--chunk-file-names', '[name]-[hash].cjs']
  const options = [
    '--platform',
    'node',
    '--format',
    'cjs',
    '--dir',
    'dist/bundle',
    '--minify',
    '--log-level',
    'warn',
    '--checks.eval=false',
  ]
  run(process.execPath, ['node_modules/rolldown/bin/cli.mjs', 'dist/cli/main.js', ...options, ...names])
  run(process.execPath, ['scripts/cache-code.mjs'])
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)
}

function isNewer(file, ...than) {
  return existsSync(file) && than.every((other) => statSync(file).mtimeMs >= statSync(other).mtimeMs)
}

/** NODE_ENV=production and omit=dev in the caller's environment must not leave the compiler out. */
function run(command, args) {
  const env = { ...process.env, npm_config_omit: '' }
  delete env.NODE_ENV
  const { status, signal, stdout, error } = spawnSync(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  if (status === 0) return
  process.stderr.write(stdout ?? '')
  say(`${command} ${args.join(' ')} failed (${error?.message ?? signal ?? `exit ${status}`}).`)
  rmSync(LOCK, { force: true })
  process.exit(3)
}

function say(text) {
  process.stderr.write(`${text}\n`)
}
