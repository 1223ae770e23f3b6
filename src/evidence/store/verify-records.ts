import { readdirSync, statSync } from 'node:fs'
import { nameOfFile } from '../record/record-file.ts'
import { findHeads, listDigests } from './heads.ts'
import { type Evidence, readRecords } from './read-records.ts'

/**
 * `edited`: the content is not that of the digest in it. `unreadable`: not a whole record. `misnamed`: a record under
 * another name, such as a copy. `gap`: a parent is missing. `lost`: the head kept elsewhere is not here.
 */
export interface ChainFinding {
  readonly kind: 'edited' | 'unreadable' | 'misnamed' | 'gap' | 'lost'
  /** Absent: about the folder. */
  readonly file: string | undefined
  readonly message: string
}

export interface VerifiedChain {
  readonly recordCount: number
  /** Digests of the newest records: what to keep elsewhere. */
  readonly heads: readonly string[]
  readonly findings: readonly ChainFinding[]
  /** Writes that were cut short; no record is missing because of them. */
  readonly leftovers: readonly string[]
}

/** Checks every file of a folder of evidence, and that each record's parents are there; `head` was kept elsewhere. */
export function verifyRecords(folder: string, { head }: { readonly head?: string } = {}): VerifiedChain {
  const evidence = readRecords(folder)
  const findings = [...findDamaged(evidence), ...findMisnamed(evidence), ...findGaps(evidence)]
  if (head !== undefined && !listDigests(evidence).has(head))
    findings.push({ kind: 'lost', file: undefined, message: LOST })
  return {
    recordCount: evidence.records.length,
    heads: findHeads(evidence),
    findings,
    leftovers: listLeftovers(folder),
  }
}

function listLeftovers(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder).filter((name) => /^\..+\.tmp$/.test(name))
}

const LOST = 'The head kept elsewhere is not here: the newest records were lost, or the head is of another folder.'

function findDamaged({ damaged }: Evidence): ChainFinding[] {
  return damaged.map(({ file, kind, reason }) => ({ kind, file, message: `The file ${reason}. It does not count.` }))
}

function findMisnamed({ records }: Evidence): ChainFinding[] {
  return records
    .filter(({ file, record }) => file !== nameOfFile(record))
    .map(({ file, record }) => ({
      kind: 'misnamed',
      file,
      message: `The record belongs in ${nameOfFile(record)}. Rename it, or remove it if that file is there too.`,
    }))
}

function findGaps(evidence: Evidence): ChainFinding[] {
  const known = listDigests(evidence)
  return evidence.records.flatMap(({ file, record }) =>
    record.parents
      .filter((parent) => !known.has(parent))
      .map((parent) => ({
        kind: 'gap',
        file,
        message: `The record names a parent ${parent.slice(0, 12)}… that is not here: a record before it was removed, or changed together with its digest.`,
      })),
  )
}
