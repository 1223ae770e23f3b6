import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { breakPart, findTargets, openLab, writeAtomically } from '../../lab/index.ts'
import type { FaultJob, FaultKind, Scene } from './fault.ts'
import { findLabResidue, mendInLab, readPart } from './lab-target.ts'

const PAGE = 4096
const BALLAST = '.linchpin-ballast'
/** What a database needs to start at all. */
const ROOM = 48 * 1024 * 1024

/**
 * The data folder of a part is full. The part is killed, its data copied onto a file system in memory which takes the
 * place of the folder, and started again; then that is filled up. The undo copies everything back, the part stopped
 * once more. Needs root.
 */
export const diskFull: FaultKind = {
  name: 'disk-full',
  title: 'finds its data folder full; it is killed and started again before and after',
  modes: ['crash', 'hang'],
  choose: ({ target, settings }, lab) => {
    const [unknown] = Object.keys(settings)
    if (unknown !== undefined) return { mistake: `The fault "disk-full" has no setting "${unknown}". It has none.` }
    const targets = findTargets(lab, target)
    if (targets.length === 0 || target.includes('>')) return { mistake: `"${target}" is not a part of the lab.` }
    return { targets, settings: {} }
  },
  lacks: () => (process.getuid?.() === 0 ? undefined : 'Filling a disk needs root: run linchpin as root.'),
  note: async (job, scene) => ({ data: (await readPart(job, scene)).data }),
  apply: async (job, scene) => {
    const { data, small } = placesOf(job, scene)
    await breakPart(scene.labFile, { target: job.target, fault: 'kill', settings: {} })
    mkdirSync(small, { recursive: true, mode: 0o711 })
    const { mode, uid, gid } = statSync(data)
    const owner = `mode=${(mode & 0o777).toString(8)},uid=${uid},gid=${gid}`
    run('mount', ['-t', 'tmpfs', '-o', `size=${measure(data) + ROOM},${owner}`, 'linchpin-drill', small])
    run('cp', ['-a', `${data}/.`, small])
    run('mount', ['--bind', small, data])
    await mendInLab(scene, { target: job.target, fault: 'kill' })
    fill(join(small, BALLAST))
  },
  sight: async (job, scene) => {
    const { data } = placesOf(job, scene)
    return { isSeen: isMounted(data) && isFull(data), how: 'writing into its data folder fails: no space left' }
  },
  undo: async (job, scene) => {
    const { data, small, marker } = placesOf(job, scene)
    if (isMounted(data)) {
      if (openLab(scene.labFile, {}).running)
        await breakPart(scene.labFile, { target: job.target, fault: 'kill', settings: {} })
      writeAtomically(marker, '')
      run('umount', [data])
    }
    if (existsSync(marker)) copyBack(small, data)
    rmSync(marker, { force: true })
    if (isMounted(small)) run('umount', [small])
    rmSync(small, { recursive: true, force: true })
    await mendInLab(scene, { target: job.target, fault: 'kill' })
  },
  residue: async (job, scene) => {
    const { data, small } = placesOf(job, scene)
    const mounted = [data, small].filter(isMounted)
    if (mounted.length > 0) return `${mounted.join(' and ')} is still mounted`
    return findLabResidue(scene, { target: job.target, fault: 'kill' })
  },
}

interface Places {
  readonly data: string
  /** Where the file system in memory is mounted first. */
  readonly small: string
  /** There while what it holds is newer than what lies below it. */
  readonly marker: string
}

function placesOf({ id, before }: FaultJob, { folder }: Scene): Places {
  const small = join(folder, 'disks', id)
  return { data: String(before.data), small, marker: `${small}.newer` }
}

/** Puts a whole copy in the place of the folder, which is never incomplete under its name; may be called again. */
function copyBack(small: string, data: string): void {
  const fresh = `${data}.linchpin-fresh`
  const old = `${data}.linchpin-old`
  if (existsSync(data) && !existsSync(old)) {
    rmSync(fresh, { recursive: true, force: true })
    run('cp', ['-a', small, fresh])
    rmSync(join(fresh, BALLAST), { force: true })
    run('sync', ['-f', fresh])
    renameSync(data, old)
  }
  if (!existsSync(data)) renameSync(fresh, data)
  rmSync(old, { recursive: true, force: true })
}

function isMounted(path: string): boolean {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  return mounts.some((line) => line.split(' ')[1]?.replaceAll('\\040', ' ') === path)
}

/** What a folder takes on a file system of pages, in bytes. */
function measure(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, { size }) => sum + PAGE + Math.ceil(size / PAGE) * PAGE, 0)
}

/** Writes until there is no space left. */
function fill(file: string): void {
  const opened = openSync(file, 'w', 0o600)
  try {
    for (;;) writeSync(opened, Buffer.alloc(PAGE, 1))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(opened)
  }
}

function isFull(folder: string): boolean {
  const file = join(folder, `${BALLAST}-probe`)
  try {
    const opened = openSync(file, 'w', 0o600)
    try {
      writeSync(opened, Buffer.alloc(PAGE, 1))
      return false
    } finally {
      closeSync(opened)
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOSPC'
  } finally {
    rmSync(file, { force: true })
  }
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${stderr?.trim() || error?.message || `status ${status}`}`)
}
