import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { UsageError } from './exit.ts'

const OUTPUT_MAX = 256 * 1024 * 1024

/**
 * Runs `work` on copies of the paths as they were at a git reference. The copies live in a folder of their own that
 * is removed whatever happens; the work tree and the index are not touched.
 */
export function withFilesAt<T>(reference: string, paths: readonly string[], work: (paths: string[]) => T): T {
  if (reference.startsWith('-'))
    throw new UsageError(`--base ${reference} is not a git reference. Name a branch, a tag or a commit.`)
  const top = git(['rev-parse', '--show-toplevel'], 'This folder is not in a git repository; --base needs one.').trim()
  const commit = git(
    ['rev-parse', '--verify', '--quiet', `${reference}^{commit}`],
    `git knows no reference "${reference}". Name a branch, a tag or a commit.`,
  ).trim()
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-base-'))
  try {
    return work(paths.map((path) => copyOut(top, commit, path, folder, reference)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function copyOut(top: string, commit: string, path: string, folder: string, reference: string): string {
  const absolute = existsSync(path) ? realpathSync(path) : resolve(path)
  const inside = relative(realpathSync(top), absolute)
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new UsageError(`${path} lies outside the git repository ${top}.`)
  const listed = git(
    ['-C', top, 'ls-tree', '-r', '-z', '--name-only', commit, '--', inside === '' ? '.' : inside],
    `git cannot list ${path} at ${reference}.`,
  )
  const files = listed.split('\0').filter((file) => /\.(ya?ml|json|env)$|(^|\/)\.env$/.test(file))
  if (files.length === 0)
    throw new UsageError(`${path} has no system files at ${reference}. Compare with a reference that has them.`)
  for (const file of files) {
    const copy = join(folder, file)
    mkdirSync(dirname(copy), { recursive: true })
    writeFileSync(copy, git(['-C', top, 'show', `${commit}:${file}`], `git cannot read ${file} at ${reference}.`))
  }
  return join(folder, inside)
}

function git(args: readonly string[], complaint: string): string {
  const { status, stdout, error } = spawnSync('git', args, { encoding: 'utf8', maxBuffer: OUTPUT_MAX })
  if (error) throw new UsageError(`git cannot be run (${error.message}); --base needs it.`)
  if (status !== 0) throw new UsageError(complaint)
  return stdout
}
