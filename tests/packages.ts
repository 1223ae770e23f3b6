import { existsSync } from 'node:fs'
import { findMissingPackages, installPackages } from '../src/lab/packages/debian-packages.ts'

/**
 * Whether a test of a cluster is to be skipped, with one line that says why: it needs root, and programs that are
 * installed from Debian's packages where that can be done.
 */
export async function isLacking(what: string, needs: { packages: string[]; programs: string[] }): Promise<boolean> {
  const isRoot = process.getuid?.() === 0
  if (isRoot) await installPackages(findMissingPackages(needs.packages), () => undefined).catch(() => undefined)
  const lacking = [...needs.programs.filter((path) => !existsSync(path)), ...(isRoot ? [] : ['root'])]
  if (lacking.length === 0) return false
  const cure = `as root on Debian: apt-get install ${needs.packages.join(' ')}`
  process.stdout.write(`${what} is not tested: this machine lacks ${lacking.join(', ')}; ${cure}\n`)
  return true
}
