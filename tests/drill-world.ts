import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createWorld, type Ended, type LabWorld, waitForEnd } from './lab-world.ts'

// What the tests of drills share: a lab of the tests with drill files, and the real command.

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'bin/linchpin.js')

export interface DrillWorld extends LabWorld {
  readonly writeDrill: (name: string, text: string) => void
  /** Runs `linchpin …` in the folder to its end. */
  readonly run: (...args: string[]) => Promise<Ended>
  /** Starts it, and leaves it running. */
  readonly begin: (...args: string[]) => ReturnType<typeof spawn>
  /** What is in the journal of faults that have to be undone. */
  readonly journal: () => { target: string; fault: string; failures: number }[]
}

/** A lab of this text with files beside it, or `examples/shop`. */
export async function createDrillWorld(text?: string, files: Record<string, string> = {}): Promise<DrillWorld> {
  const world = await createWorld(text)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(world.folder, name), content)
  const begin = (...args: string[]) =>
    spawn(process.execPath, [bin, ...args], {
      cwd: world.folder,
      env: { ...process.env, FORCE_COLOR: '', LINCHPIN_PORT_BASE: String(world.portBase) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const journal = () => {
    const drills = join(world.folder, '.linchpin/drills')
    const folders = existsSync(drills) ? readdirSync(drills).map((name) => join(drills, name, 'journal')) : []
    return folders
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => readIfThere(file))
  }
  const writeDrill = (name: string, content: string) => {
    const folder = join(world.folder, 'vault/drills')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${name}.yaml`), content)
  }
  return { ...world, begin, run: (...args) => waitForEnd(begin(...args)), journal, writeDrill }
}

/** An entry goes when its fault is undone, at any moment. */
function readIfThere(file: string) {
  try {
    return [JSON.parse(readFileSync(file, 'utf8'))]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
