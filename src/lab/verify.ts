import { spawn } from 'node:child_process'
import { formatDuration } from '../source/index.ts'
import { LabError } from './lab-error.ts'
import { type LabFile, type LabOptions, openLab } from './open-lab.ts'
import { findCommand } from './process/find-command.ts'
import { inheritedEnvironment } from './process/launch.ts'

export interface VerifyOptions extends LabOptions {
  /** Takes the output of the command; absent: it is ours. */
  readonly onOutput?: (text: string) => void
}

/**
 * Runs the command with which a lab checks that its platform lost nothing. Resolves to whether it
 * found everything in order (status 0) or not (status 1); throws a `LabError` when it could not tell.
 */
export async function verifyLab(file: LabFile, options: VerifyOptions): Promise<boolean> {
  const { plan, running } = openLab(file, options)
  const { verify } = plan
  if (!verify) throw new LabError('wrong-use', `${file.source.file} declares no verify command. Add the key verify.`)
  if (!running) throw new LabError('wrong-use', `The lab ${plan.lab} is not up. Run linchpin lab up.`)
  const [name = '', ...args] = verify.command
  const program = findCommand(name, plan.folder)
  if (program === undefined) throw new LabError('wrong-use', `The verify command "${name}" is not there. Correct it.`)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: plan.folder,
      stdio: options.onOutput ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      env: { ...inheritedEnvironment(), ...verify.environment },
      timeout: verify.withinMs,
      killSignal: 'SIGKILL',
    })
    for (const output of [child.stdout, child.stderr])
      output?.on('data', (data: Buffer) => options.onOutput?.(data.toString('utf8')))
    child.once('error', (error) => reject(new LabError('failed', `The verify command failed: ${error.message}`)))
    child.once('close', (status, signal) => {
      if (status === 0 || status === 1) resolve(status === 0)
      else if (child.killed)
        reject(new LabError('failed', `The verify command took longer than ${formatDuration(verify.withinMs)}.`))
      else reject(new LabError('failed', `The verify command ended with ${status ?? signal}; it could not tell.`))
    })
  })
}
