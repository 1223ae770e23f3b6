import { existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { type Problem, suggestion } from '../source/index.ts'
import type { InstancePlan } from './format/plan.ts'
import { explainNetworkInUse, explainNoMachines } from './machine/machines.ts'
import type { OpenLab } from './open-lab.ts'
import { explainMissingPackages, findMissingPackages } from './packages/debian-packages.ts'
import { explainMissingPostgresql, findPostgresql, installPostgresql } from './postgresql/find-postgresql.ts'
import { findCommand } from './process/find-command.ts'
import { findUser } from './process/users.ts'

/** What only this machine can tell: commands, folders, users and ports, checked before anything starts. */
export async function checkMachine(lab: OpenLab, running: ReadonlySet<string>): Promise<Problem[]> {
  const due = lab.plan.instances.filter(({ name }) => !running.has(name))
  const hasPostgresql = due.some(({ kind }) => kind === 'postgresql')
  if (hasPostgresql) installPostgresql(findPostgresql(lab.folder.data))
  const problems = due.flatMap((instance) => checkInstance(instance, lab.locate))
  for (const instance of due)
    for (const port of instance.machine ? [] : instance.ports) {
      const message = await explainPort(port, instance.name)
      if (message) problems.push({ where: lab.locate(['parts', instance.part, 'port']), message })
    }
  for (const link of lab.plan.links.filter(({ name }) => !running.has(name))) {
    const message = await explainPort(link.port, `the link ${link.name}`)
    if (message) problems.push({ where: lab.locate(['parts', link.caller, 'links', link.target]), message })
  }
  const onMachine = due.find(({ machine }) => machine)
  const lacking = onMachine && (explainNoMachines() ?? explainNetworkInUse(lab.folder, lab.plan))
  if (onMachine && lacking !== undefined)
    problems.push({ where: lab.locate(['parts', onMachine.part, 'machine']), message: `${onMachine.part} ${lacking}` })
  return problems.filter((problem, i) => problems.findIndex(({ message }) => message === problem.message) === i)
}

function checkInstance(instance: InstancePlan, locate: OpenLab['locate']): Problem[] {
  const { part, folder, user } = instance
  const problems: Problem[] = []
  const complain = (key: string, message: string) => problems.push({ where: locate(['parts', part, key]), message })
  const missing = instance.kind === 'postgresql' ? explainMissingPostgresql() : undefined
  if (missing !== undefined) return [{ where: locate(['parts', part, 'kind']), message: missing }]
  const lacking = findMissingPackages(instance.packages)
  if (lacking.length > 0) {
    complain('packages', explainMissingPackages(part, lacking))
    return problems
  }
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    complain('folder', `The folder ${folder} of ${part} does not exist. Correct it, or make it.`)
  else
    for (const [key, command] of [
      ['command', instance.command],
      ['prepare', instance.prepare?.command],
    ] as const) {
      const program = command?.[0]
      if (program !== undefined && findCommand(program, folder) === undefined)
        complain(key, explainMissing(program, folder))
    }
  if (user !== undefined) {
    const found = findUser(user)
    if (!found) complain('user', `This machine has no user "${user}". Create it, or leave the key out.`)
    else if (found.uid !== process.getuid?.() && process.getuid?.() !== 0)
      complain('user', `${part} runs as "${user}", and only root can change the user. Run as root or as ${user}.`)
  }
  return problems
}

function explainMissing(program: string, folder: string): string {
  if (program.includes('/')) return `There is no program ${program}, seen from ${folder}. Correct the path.`
  return `The command "${program}" is not on PATH.${suggestion(program, ['node', 'npm', 'npx', 'sh', 'bash'])} Install it, or correct the name.`
}

/** Why a port cannot be listened on; undefined when it can. */
function explainPort(port: number, owner: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(
        code === 'EACCES'
          ? `Port ${port} of ${owner} is for root alone. Choose one from 1024 on.`
          : `Port ${port} of ${owner} is in use. Stop what uses it, or move the lab: LINCHPIN_PORT_BASE=100 linchpin lab up.`,
      ),
    )
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })
}
