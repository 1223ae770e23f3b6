import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { LabError } from '../lab-error.ts'

const STATUS = '/var/lib/dpkg/status'
const LOCK_WITHIN_S = 300

/** Those that are not installed; none where the machine has no dpkg: there only the commands themselves can be looked for. */
export function findMissingPackages(wanted: readonly string[]): string[] {
  if (wanted.length === 0 || !existsSync(STATUS)) return []
  const installed = readInstalled(readFileSync(STATUS, 'utf8'))
  return [...new Set(wanted)].filter((name) => !installed.has(name))
}

/** The names of installed packages, from the status file of dpkg: paragraphs of fields. */
export function readInstalled(status: string): Set<string> {
  const paragraphs = status.split(/\n\n+/).filter((text) => /^Status: \S+ \S+ installed$/m.test(text))
  return new Set(paragraphs.flatMap((text) => /^Package: (\S+)$/m.exec(text)?.[1] ?? []))
}

/** Why they are missing and what to do about it. */
export function explainMissingPackages(part: string, missing: readonly string[]): string {
  const list = missing.join(' ')
  const few = missing.length === 1 ? 'the package' : 'the packages'
  return `${part} needs ${few} ${list}. Run linchpin lab up with --install as root, or: apt-get install --no-install-recommends ${list}`
}

/**
 * Installs Debian packages, and nothing else: no service of theirs is started, and PostgreSQL makes no cluster of its
 * own. Throws a `LabError` when this is not root on Debian, or when apt says no.
 */
export async function installPackages(missing: readonly string[], onStep: (text: string) => void): Promise<void> {
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new LabError(
      'wrong-use',
      `Only root on Debian can install ${missing.join(', ')}. Run as root, or ask for them.`,
    )
  const remove = keepServicesDown()
  try {
    onStep('apt-get update')
    await runApt(['update', '-qq'])
    onStep(`apt-get install ${missing.join(' ')}`)
    await runApt(['install', '-y', '-qq', '--no-install-recommends', ...missing])
  } finally {
    remove()
  }
}

/** What Debian asks before it starts a service or makes a cluster. What is there already is left as it is. */
const KEEP_DOWN: readonly { path: string; text: string; mode: number }[] = [
  { path: '/usr/sbin/policy-rc.d', text: '#!/bin/sh\nexit 101\n', mode: 0o755 },
  { path: '/etc/postgresql-common/createcluster.d/linchpin.conf', text: 'create_main_cluster = false\n', mode: 0o644 },
]

function keepServicesDown(): () => void {
  const ours = KEEP_DOWN.filter(({ path }) => !existsSync(path))
  for (const { path, text, mode } of ours) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { mode })
  }
  return () => {
    for (const { path } of ours) rmSync(path, { force: true })
  }
}

function runApt(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/apt-get', ['-o', `DPkg::Lock::Timeout=${LOCK_WITHIN_S}`, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    let end = ''
    for (const output of [child.stdout, child.stderr])
      output.on('data', (data: Buffer) => {
        end = (end + data.toString('utf8')).slice(-2_000)
      })
    child.once('error', (error) => reject(new LabError('failed', `apt-get: ${error.message}`)))
    child.once('close', (status) =>
      status === 0
        ? resolve()
        : reject(
            new LabError('failed', `apt-get ${args[0]} ended with ${status}:`, ...end.trim().split('\n').slice(-5)),
          ),
    )
  })
}
