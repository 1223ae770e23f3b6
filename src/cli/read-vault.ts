import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Problem, SourceText } from '../source/index.ts'
import { buildVault, PAGE_LIMITS, readSettings, SETTINGS_FILE, type Vault } from '../vault/index.ts'
import { UsageError } from './exit.ts'
import { readText } from './find-files.ts'
import { findVault } from './read-proof.ts'

const FILES_MAX = 20_000
const DEPTH_MAX = 20
/** A byte order mark is kept: what stands outside regions is written as it was read. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** UTF-8 takes at most four bytes for one of JavaScript's characters. */
const BYTES_MAX = PAGE_LIMITS.charactersMax * 4

export interface ReadVault {
  /** The folder, as it was named. */
  readonly root: string
  readonly vault: Vault
  /** Files that were refused: links out of the vault, and what is no text or too large. Positions are from the root. */
  readonly problems: readonly Problem[]
}

/** Reads every page of a vault, without following links of the file system. */
export function readVault(path: string): ReadVault {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${path} is not a folder. Give the vault: the folder that holds system/ and the pages.`)
  const root = findVault(path)
  const found = listFiles(root)
  const texts: SourceText[] = []
  const problems: Problem[] = [...found.refused]
  for (const file of found.files.filter(isPage)) {
    const read = readPageText(root, file)
    if ('text' in read) texts.push(read)
    else problems.push(read)
  }
  const { settings, problems: wrong } = readVaultSettings(root)
  const otherFiles = found.files.filter((file) => !isPage(file))
  return { root, vault: buildVault({ texts, otherFiles, mount: settings.mount }), problems: [...wrong, ...problems] }
}

function readVaultSettings(root: string): ReturnType<typeof readSettings> {
  const isThere = lstatSync(join(root, SETTINGS_FILE), { throwIfNoEntry: false })?.isFile() ?? false
  return readSettings(isThere ? { file: SETTINGS_FILE, text: readText(join(root, SETTINGS_FILE)).text } : undefined)
}

function readPageText(root: string, file: string): SourceText | Problem {
  const refuse = (message: string): Problem => ({ where: { file, line: 1, column: 1 }, message })
  if (statSync(join(root, file)).size > BYTES_MAX)
    return refuse(`The page is larger than ${BYTES_MAX / 1e6} MB, and is not read. Split it.`)
  try {
    return { file, text: UTF8.decode(readFileSync(join(root, file))) }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return refuse('The page is not UTF-8 text, and is not read. Save it as UTF-8.')
  }
}

/** What was recorded is no page: transcripts of runbooks lie there too. */
function isPage(file: string): boolean {
  return /\.md$/i.test(file) && !file.startsWith('evidence/')
}

/** Paths from the root, with `/`, in alphabetical order. Hidden files and folders are Obsidian's and ours. */
function listFiles(root: string): { files: string[]; refused: Problem[] } {
  const files: string[] = []
  const refused: Problem[] = []
  const visit = (folder: string, depth: number): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isSymbolicLink())
        refused.push({
          where: { file: path, line: 1, column: 1 },
          message: 'This is a symbolic link, which may lead out of the vault, and is not read. Put the file here.',
        })
      else if (entry.isDirectory() && depth === DEPTH_MAX)
        refused.push({
          where: { file: path, line: 1, column: 1 },
          message: `The folder lies more than ${DEPTH_MAX} folders deep, and is not read. Move it up.`,
        })
      else if (entry.isDirectory()) visit(path, depth + 1)
      else if (entry.isFile()) files.push(path)
      if (files.length > FILES_MAX)
        throw new UsageError(`${root} holds more than ${FILES_MAX} files. Name a smaller folder.`)
    }
  }
  visit('', 0)
  return { files, refused }
}

/** A file's path from the root, with both brought to what they really are. */
export function pathFrom(root: string, file: string): string {
  return relative(realpathSync(root), realpathSync(file)).replaceAll('\\', '/')
}
