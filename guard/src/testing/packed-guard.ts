import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The package as it would be published, built from scratch in a folder of its own and installed into an empty project. */
export interface PackedGuard {
  /** The installed package. */
  readonly folder: string
  /** Runs `source` as an ES module of the project, in plain Node. */
  run(source: string): SpawnSyncReturns<string>
  remove(): void
}

/** Works on a copy: tests that run at the same time never see `dist` vanish. Needs no network. */
export function packGuard(): PackedGuard {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-guard-'))
  const workspace = join(folder, 'workspace')
  const app = join(folder, 'app')
  const isSource = (path: string) => !path.includes(`${sep}dist`)
  cpSync(join(root, 'guard'), join(workspace, 'guard'), { recursive: true, filter: isSource })
  cpSync(join(root, 'tsconfig.json'), join(workspace, 'tsconfig.json'))
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'))
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }))

  command('npx', ['tsc', '-b', 'guard'], workspace)
  command('npm', ['pack', '--pack-destination', app], join(workspace, 'guard'))
  const tarball = readdirSync(app).find((name) => name.endsWith('.tgz')) as string
  command('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], app)
  return {
    folder: join(app, 'node_modules', '@linchpin', 'guard'),
    run: (source) => {
      writeFileSync(join(app, 'main.js'), source)
      return spawnSync(process.execPath, ['main.js'], {
        cwd: app,
        encoding: 'utf8',
        timeout: 30_000,
        env: plainEnvironment(),
      })
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function command(name: string, args: readonly string[], folder: string): void {
  const result = spawnSync(name, args, { cwd: folder, encoding: 'utf8', env: plainEnvironment() })
  if (result.status === 0) return
  throw new Error(`${name} ${args.join(' ')} in ${basename(folder)} failed:\n${result.stdout}${result.stderr}`)
}

/** Without what the test runner and npm leave for their children. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const isForeign = (key: string) => key.startsWith('npm_') || key.startsWith('VITEST') || key === 'NODE_OPTIONS'
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !isForeign(key)))
}
