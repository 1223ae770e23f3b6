import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { breakPart, chooseTargets } from '../../lab/index.ts'
import { deploy } from './deploy.ts'
import type { FaultKind } from './fault.ts'
import { readPart } from './lab-target.ts'

const FOLDERS = ['/usr/lib', '/usr/local/lib', '/usr/lib64']
const OFFSET = /^[+-]\d+(s|m|h|d)$/

/** Its clock is wrong: it is started again under libfaketime. Its monotonic clock stays right, as in life. */
export const clock: FaultKind = {
  ...deploy,
  name: 'clock',
  title: 'is started again with its clock set wrong',
  choose: ({ target, settings: { offset = '+1h', ...others } }, lab) => {
    const [unknown] = Object.keys(others)
    if (unknown !== undefined) return { mistake: `The fault "clock" has no setting "${unknown}". It has offset.` }
    if (!OFFSET.test(offset))
      return { mistake: `offset=${offset} cannot be read. Write it as offset=+1h or offset=-30m.` }
    const chosen = chooseTargets(lab, { target, fault: 'deploy', settings: writeEnvironment(offset) })
    return 'mistake' in chosen ? chosen : { targets: chosen.targets, settings: { offset } }
  },
  lacks: () => (findLibrary() ? undefined : 'libfaketime is not installed. Run: apt-get install libfaketime'),
  apply: async ({ target, settings: { offset = '' } }, { labFile }) => {
    await breakPart(labFile, { target, fault: 'deploy', settings: writeEnvironment(offset) })
  },
  sight: async (job, scene) => {
    const { pid } = await readPart(job, scene)
    return { isSeen: pid !== undefined && hasLoaded(pid), how: 'its process has loaded libfaketime' }
  },
}

function writeEnvironment(offset: string): Record<string, string> {
  const environment = { LD_PRELOAD: findLibrary() ?? '', FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' }
  return { environment: JSON.stringify(environment) }
}

function findLibrary(): string | undefined {
  const folders = FOLDERS.flatMap((folder) => [folder, ...listFolders(folder)])
  return folders.map((folder) => join(folder, 'faketime/libfaketimeMT.so.1')).find((file) => existsSync(file))
}

/** Debian has a folder for each architecture. */
function listFolders(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(folder, name))
}

function hasLoaded(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8').includes('libfaketime')
  } catch {
    return false
  }
}
