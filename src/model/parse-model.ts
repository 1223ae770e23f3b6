import {
  isPlainObject,
  mergeLocated,
  type PlainObject,
  type Problem,
  positionOf,
  readYamlDocument,
  type SourceText,
  sortProblems,
  suggestion,
} from '../source/index.ts'
import { buildModel } from './build-model.ts'
import { stateClaims } from './claim.ts'
import { mergeFiles } from './merge-files.ts'
import { applyMitigations } from './mitigation.ts'
import type { SystemDocument, SystemModel } from './system-model.ts'

export interface ParsedModel {
  /** Undefined when any problem was found. */
  readonly model: SystemModel | undefined
  readonly problems: readonly Problem[]
}

/**
 * Several files are one model: reads `system/*.yaml`, merges them, checks everything, and reports every mistake.
 * With `base` (what an importer read), the files say more about its components or add new ones.
 */
export function parseModel(files: readonly SourceText[], base?: SystemDocument): ParsedModel {
  const read = files.map((file) => readSystemFile(file))
  const problems = read.flatMap((file) => file.problems)
  if (read.some((file) => file.isUnreadable)) return { model: undefined, problems: sortProblems(problems) }
  const merged = mergeFiles(read.map((file) => file.document).filter((document) => document !== undefined))
  problems.push(...merged.problems)
  const document = base ? (mergeLocated(base, merged.document) as SystemDocument) : merged.document
  const checked = checkDocument(document, files[0]?.file ?? 'system.yaml')
  if (problems.length === 0) return checked
  return { model: undefined, problems: sortProblems([...problems, ...checked.problems]) }
}

interface ReadFile {
  readonly document: PlainObject | undefined
  readonly problems: readonly Problem[]
  /** Names that other files use may be missing because of this file: nothing can be said about them. */
  readonly isUnreadable: boolean
}

function readSystemFile(file: SourceText): ReadFile {
  const { value, problems } = readYamlDocument(file)
  if (isPlainObject(value)) return { document: value, problems, isUnreadable: false }
  if (value === undefined || value === null) return { document: undefined, problems, isUnreadable: problems.length > 0 }
  const message = 'A system file is a block of keys such as system, flows and components. See linchpin init.'
  const where = positionOf(value, []) ?? { file: file.file, line: 1, column: 1 }
  return { document: undefined, problems: [...problems, { where, message }], isUnreadable: true }
}

/** Builds the model, and once more with every mitigation applied, so that mistakes in `changes` show now, not later. */
export function checkDocument(document: SystemDocument, file: string): ParsedModel {
  const { model, problems } = buildModel(document, file)
  if (!model) return { model, problems: sortProblems(problems) }
  const target = applyMitigations(
    model,
    model.mitigations.map((mitigation) => mitigation.id),
  )
  const found = target.problems.length > 0 ? target.problems : checkClaims(model, target.model)
  return found.length > 0 ? { model: undefined, problems: sortProblems(found) } : { model, problems: [] }
}

/** What a mitigation claims must be something that the model says once all mitigations are applied. */
function checkClaims(model: SystemModel, target: SystemModel): Problem[] {
  const implied = new Set([...stateClaims(model), ...stateClaims(target)].map((claim) => claim.id))
  return model.mitigations.flatMap((mitigation) =>
    mitigation.claims
      .filter((claim) => !implied.has(claim))
      .map((claim) => ({
        where: positionOf(model.document, ['mitigations', mitigation.id, 'claims']) ?? mitigation.where,
        message: `The model implies no claim "${claim}".${suggestion(claim, implied)} Fix it, or let changes state it.`,
      })),
  )
}
