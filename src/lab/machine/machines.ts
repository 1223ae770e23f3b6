import { spawnSync } from 'node:child_process'
import type { LabPlan, MachinePlan } from '../format/plan.ts'
import { findCommand } from '../process/find-command.ts'
import type { LabFolder } from '../state/lab-folder.ts'

/** A hardware address that nobody has: what is sent to it is lost without a word, as in a network that is cut. */
const NOBODY = '06:00:00:00:00:01'
const INSIDE = 'eth0'

/** Who a machine that is cut off cannot reach any more: everyone, or only the other machines of the lab. */
export const CUT_FROM = ['everyone', 'machines'] as const

/** What this computer lacks for machines; undefined when nothing. */
export function explainNoMachines(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'needs root on Linux: its machine is a network namespace. Run as root, or choose another profile.'
  const missing = ['ip', 'nsenter', 'unshare'].filter((command) => findCommand(command, '/') === undefined)
  if (missing.length > 0)
    return `needs the commands ${missing.join(', ')}: on Debian, apt-get install iproute2 util-linux.`
  const { status } = spawnSync('unshare', ['--net', 'true'])
  return status === 0 ? undefined : 'needs network namespaces, which this root may not make. Choose another profile.'
}

/** Why the lab cannot have its machines: somebody else has their network. */
export function explainNetworkInUse(folder: LabFolder, { machines }: LabPlan): string | undefined {
  const bridge = machines[0]?.bridge
  if (bridge === undefined || folder.readMachines().length > 0) return undefined
  const addresses = JSON.parse(ip('-json', 'address', 'show')) as { addr_info: { local: string }[] }[]
  const taken = addresses.flatMap(({ addr_info: all }) => all).some(({ local }) => local === bridge.address)
  if (!taken) return undefined
  return `needs the network of ${bridge.address}, which is in use. Stop what uses it, or move the lab: LINCHPIN_PORT_BASE=100 linchpin lab up.`
}

/** Makes the machines of a lab, or those of them that are missing. On record before the first is made, so that `down` finds them. */
export function makeMachines(folder: LabFolder, { machines }: LabPlan): void {
  const [first] = machines
  if (!first) return
  const names = machines.map(({ name }) => name)
  folder.writeMachines([...machines, ...folder.readMachines().filter(({ name }) => !names.includes(name))])
  const { bridge } = first
  if (!hasLink(bridge.name)) {
    ip('link', 'add', bridge.name, 'type', 'bridge')
    ip('address', 'add', `${bridge.address}/24`, 'dev', bridge.name)
    ip('link', 'set', bridge.name, 'up')
  }
  for (const machine of machines) {
    if (isWhole(machine)) continue
    // What an attempt that broke off left of it.
    removeMachine(machine)
    makeMachine(machine)
  }
}

function makeMachine({ namespace, cable, address, bridge }: MachinePlan): void {
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', `${cable}p`)
  ip('link', 'set', cable, 'master', bridge.name, 'up')
  ip('netns', 'add', namespace)
  ip('link', 'set', `${cable}p`, 'netns', namespace, 'name', INSIDE)
  ip('-netns', namespace, 'address', 'add', `${address}/24`, 'dev', INSIDE)
  ip('-netns', namespace, 'link', 'set', 'lo', 'up')
  ip('-netns', namespace, 'link', 'set', INSIDE, 'up')
}

/** Removes the machines that are on record, once nothing runs on them. */
export function removeMachines(folder: LabFolder): void {
  const machines = folder.readMachines()
  const bridge = machines[0]?.bridge.name
  if (bridge === undefined) return
  for (const machine of machines) removeMachine(machine)
  if (hasLink(bridge)) ip('link', 'delete', bridge)
  folder.writeMachines([])
}

/** In this order: what is left of a namespace goes a moment after it, and would take the cable with it. */
function removeMachine({ cable, namespace }: MachinePlan): void {
  if (hasLink(cable)) ip('link', 'delete', cable)
  if (run('-netns', namespace, 'link', 'show', 'lo').status === 0) ip('netns', 'delete', namespace)
}

/** The words before a command that run it on a machine, as a user when one is given. */
export function enterMachine({ namespace }: MachinePlan, user: { uid: number; gid: number } | undefined): string[] {
  const as = user ? ['--setuid', String(user.uid), '--setgid', String(user.gid)] : []
  return ['nsenter', `--net=/run/netns/${namespace}`, ...as, '--']
}

/** Nothing that it sends arrives any more, and nothing that is sent to it; nobody is told. */
export function cutOff(machine: MachinePlan, { machines }: LabPlan, from: string): void {
  for (const [place, address] of pathsOf(machine, machines, from))
    ip(...place, 'neighbour', 'replace', address, 'lladdr', NOBODY, 'nud', 'permanent', 'dev', deviceOf(place, machine))
}

/** Undoes `cutOff`, also one that was done in part. */
export function connectAgain(machine: MachinePlan, { machines }: LabPlan): void {
  for (const [place, address] of pathsOf(machine, machines, 'everyone')) {
    if (!isLost(place, address)) continue
    ip(...place, 'neighbour', 'delete', address, 'dev', deviceOf(place, machine))
  }
}

/** Whether anything that is sent to or by it is lost, as the kernel sees it. */
export function isCutOff(machine: MachinePlan, { machines }: Pick<LabPlan, 'machines'>): boolean {
  return pathsOf(machine, machines, 'everyone').some(([place, address]) => isLost(place, address))
}

/** Where packets to or from a machine start, and which address they are for. */
function pathsOf(machine: MachinePlan, machines: readonly MachinePlan[], from: string): [string[], string][] {
  const others = machines.filter(({ name }) => name !== machine.name)
  const inside = ['-netns', machine.namespace]
  const toOthers = others.flatMap((other): [string[], string][] => [
    [inside, other.address],
    [['-netns', other.namespace], machine.address],
  ])
  if (from === 'machines') return toOthers
  return [...toOthers, [inside, machine.bridge.address], [[], machine.address]]
}

function deviceOf(place: readonly string[], { bridge }: MachinePlan): string {
  return place.length > 0 ? INSIDE : bridge.name
}

function isLost(place: readonly string[], address: string): boolean {
  return ip(...place, 'neighbour', 'show', address).includes(NOBODY)
}

function hasLink(name: string): boolean {
  return run('link', 'show', name).status === 0
}

/** Its cable is plugged in last. */
function isWhole({ namespace }: MachinePlan): boolean {
  return / UP /.test(run('-netns', namespace, '-brief', 'link', 'show', INSIDE).stdout)
}

function ip(...words: string[]): string {
  const { status, stdout, stderr, error } = run(...words)
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${error?.message ?? stderr.trim()}`)
  return stdout
}

function run(...words: string[]) {
  return spawnSync('ip', words, { encoding: 'utf8' })
}
