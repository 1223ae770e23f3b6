import { readdirSync, readFileSync, statSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { createAccess, createHub, everyone, type HubLive, Streams } from '../hub/index.ts'
import { UsageError } from './exit.ts'
import { interrupted } from './find-lab.ts'
import { createAlertDesk } from './serve/alert-desk.ts'
import { openAudit } from './serve/audit.ts'
import { findLabOf } from './serve/look-at-lab.ts'
import { openVault } from './serve/open-vault.ts'
import { createPageDesk } from './serve/page-desk.ts'
import { createRunDesk } from './serve/run-desk.ts'
import { watchLive } from './serve/watch-live.ts'

interface ServeOptions {
  readonly port: string
  readonly bind: string
  readonly lab?: string
}

const PORT = '7400'
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]', '::1']
/** In the bundle and in the compiled files alike, the pages lie beside the folder `dist`. */
const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** `linchpin serve [vault]`: the hub. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve the hub: what is at risk, what is down now, what was proved')
    .argument('[vault]', 'the folder with system, drills and evidence', '.')
    .option('--port <port>', 'where it listens', PORT)
    .option('--bind <address>', 'an address other machines reach; then people must sign in', '127.0.0.1')
    .option('--lab <path>', 'the lab to watch; absent: the one beside or above the vault, if any')
    .action(serve)
}

async function serve(vault: string, options: ServeOptions): Promise<void> {
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port ${options.port} is not a port. Use a number from 0 to 65535.`)
  const signal = interrupted()
  const findLab = () => findLabOf(vault, options.lab)
  const source = openVault(vault, findLab)
  source.read()
  const streams = new Streams()
  const isLocal = LOOPBACK.includes(options.bind)
  const { access, tokens } = isLocal ? { access: everyone, tokens: undefined } : createAccess(Date.now)
  const audit = openAudit(join(resolve(vault), '.linchpin'))
  const desk = createRunDesk({ vault, signal, audit, onChange: (run) => streams.send('run', run) })
  const pages = createPageDesk({ vault, signal, audit, onChange: (run) => streams.send('page', run) })
  const actions = { ...desk, ...pages }
  const settings = () => source.readLast().live
  const alerts = createAlertDesk({ vault, settings, now: Date.now })
  const hosts = isLocal ? LOOPBACK : [...LOOPBACK, ...namesOfThisMachine(options.bind)]
  const hub = await createHub({ read: source.read, streams, access, hosts, files: readPages(), actions, alerts })
  const onSight = (live: HubLive) => streams.send('live', live)
  const watch = watchLive({ findLab, read: source.readLast, settings, alerts: alerts.list, onSight })
  const stopWatching = source.watch((digest) => streams.send('model', { digest }))
  const address = await listen(() => hub.listen({ host: options.bind, port }), port)
  process.stdout.write(`hub: ${address}\n`)
  for (const [role, token] of tokens ?? [])
    process.stdout.write(`  sign in as ${role}, once: ${address}/sign-in?token=${token}\n`)
  await new Promise((done) => signal.addEventListener('abort', done, { once: true }))
  stopWatching()
  watch.stop()
  await Promise.all([desk.settled(), pages.settled()])
  streams.close()
  await hub.close()
}

/** By which other machines may call it: the address it is bound to, or all of this machine's, and its name. */
function namesOfThisMachine(bind: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((entries = []) =>
    entries.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
  )
  return [bind, hostname(), ...addresses].map((name) => name.toLowerCase())
}

async function listen(start: () => Promise<string>, port: number): Promise<string> {
  try {
    return (await start()).replace('127.0.0.1', 'localhost')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new UsageError(`Port ${port} is in use. Give another with --port.`)
    throw error
  }
}

/** All of them, once: they are few and small. */
function readPages(): ReadonlyMap<string, { type: string; body: Buffer }> {
  const folder = findPages()
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => {
        const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
        return [`/${name}`, { type, body: readFileSync(join(folder, name)) }]
      }),
  )
}

function findPages(): string {
  const here = fileURLToPath(new URL('.', `file://${process.argv[1]}`))
  const folder = join(here, '..', 'web', 'dist')
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder
  throw new UsageError(
    `The pages are not built: ${folder} does not exist. Run npm start once, or node scripts/set-up.mjs.`,
  )
}
