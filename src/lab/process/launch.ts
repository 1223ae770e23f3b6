import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { InstancePlan } from '../format/plan.ts'
import { enterMachine } from '../machine/machines.ts'
import { writeAtomically } from '../state/write-atomically.ts'
import { findCommand } from './find-command.ts'
import { type Identity, identify } from './identity.ts'
import { LAB_MARK, PART_MARK } from './process-table.ts'
import { findUser, type SystemUser } from './users.ts'

export interface Launched {
  readonly child: ChildProcess
  /** Undefined when the system could not start it; the child then reports an error. */
  readonly identity: Identity | undefined
}

export interface LaunchOptions {
  /** The random number of the lab: see `findMarked`. */
  readonly mark: string
  readonly log: string
}

/** Variables that a program needs to run at all; everything else a part gets is declared in its lab. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'] as const

export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

/** Makes the folder and the files that an instance finds when it starts. */
export function prepareFolders(plan: InstancePlan): void {
  const user = userOf(plan)
  // Other users have to pass through the folders above theirs.
  mkdirSync(dirname(plan.dataFolder), { recursive: true, mode: 0o711 })
  mkdirSync(plan.dataFolder, { recursive: true, mode: 0o700 })
  own(plan.dataFolder, user)
  for (const { path, text } of plan.files) {
    const file = join(plan.dataFolder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeAtomically(file, text, { mode: 0o600 })
    own(file, user)
  }
}

/**
 * Starts a command of an instance in a process group of its own, its output appended to the log. Throws what the
 * system says when it cannot be started. The caller records the identity before it does anything else.
 */
export function launch(plan: InstancePlan, command: readonly string[], { mark, log }: LaunchOptions): Launched {
  const user = userOf(plan)
  const output = openSync(log, 'a', 0o600)
  try {
    const [program = '', ...args] = plan.machine ? [...enterMachine(plan.machine, user), ...command] : command
    const child = spawn(findCommand(program, plan.folder) ?? program, args, {
      cwd: plan.folder,
      detached: true,
      stdio: ['ignore', output, output],
      env: {
        ...inheritedEnvironment(),
        ...(user && { HOME: user.home, USER: user.name, LOGNAME: user.name }),
        ...plan.environment,
        [LAB_MARK]: mark,
        [PART_MARK]: plan.name,
      },
      ...(user && !plan.machine && { uid: user.uid, gid: user.gid }),
    })
    return { child, identity: child.pid === undefined ? undefined : identify(child.pid) }
  } finally {
    closeSync(output)
  }
}

/** Undefined when the instance runs as the user who runs linchpin. */
function userOf({ user }: InstancePlan): SystemUser | undefined {
  const found = user === undefined ? undefined : findUser(user)
  return found && found.uid !== process.getuid?.() ? found : undefined
}

function own(path: string, user: SystemUser | undefined): void {
  if (user) chownSync(path, user.uid, user.gid)
}
