import {
  didYouMean,
  isPlainObject,
  mergeLocated,
  type PlainObject,
  type Problem,
  positionOf,
  readYaml,
  type SourceText,
  sortProblems,
  suggestion,
} from '../source/index.ts'
import { buildModel } from './build-model.ts'
import { stateClaims } from './claim.ts'
import { type Importer, type ImportFile, type ImportOptions, importers } from './import/index.ts'
import { mergeFiles } from './merge-files.ts'
import { applyMitigations } from './mitigation.ts'
import type { SystemDocument, SystemModel } from './system-model.ts'

export interface ParsedModel {
  /** Undefined when any problem was found. */
  readonly model: SystemModel | undefined
  readonly problems: readonly Problem[]
  /** What an importer read only in part, or left out. */
  readonly notes: readonly string[]
}

/**
 * Several files are one model: reads `system/*.yaml`, and files of every format that an importer knows, checks
 * everything, and reports every mistake. System files beside imported ones say more about their components.
 */
export function parseModel(files: readonly SourceText[], options: Partial<ImportOptions> = {}): ParsedModel {
  const read = files.map(readFile)
  const problems = read.flatMap((file) => file.problems)
  if (read.some((file) => file.isUnreadable)) return { model: undefined, problems: sortProblems(problems), notes: [] }
  const { imported, notes } = importFiles(read, { entries: options.entries ?? [] }, problems)
  const written = mergeFiles(readSystemFiles(read, imported !== undefined, problems, notes))
  problems.push(...written.problems)
  const document = imported ? (mergeLocated(imported, written.document) as SystemDocument) : written.document
  const checked = checkDocument(document, files[0]?.file ?? 'system.yaml')
  if (problems.length === 0) return { ...checked, notes }
  return { model: undefined, problems: sortProblems([...problems, ...checked.problems]), notes }
}

interface ReadFile extends ImportFile {
  readonly problems: readonly Problem[]
  /** It is not YAML at all: names that other files use may be missing because of it. */
  readonly isUnreadable: boolean
  readonly format: Importer | 'system' | 'unknown'
}

const SYSTEM_KEYS = ['system', 'flows', 'components', 'mitigations', 'targets', 'waivers']

function readFile({ file, text }: SourceText): ReadFile {
  const side = importers.find((importer) => importer.sideFile?.test(file))
  if (side) return { file, text, values: [], problems: [], isUnreadable: false, format: side }
  const { values, problems } = readYaml({ file, text })
  const blocks = values.filter(isPlainObject)
  const importer = importers.find(({ recognises }) => blocks.some(recognises))
  const isSystem = blocks.some(
    (block) =>
      SYSTEM_KEYS.some((key) => key in block) || Object.keys(block).some((key) => didYouMean(key, SYSTEM_KEYS)),
  )
  const format = importer ?? (isSystem || values.length === 0 ? 'system' : 'unknown')
  return { file, text, values, problems, isUnreadable: values.length === 0 && problems.length > 0, format }
}

/** Lets each importer read the files of its format; what they found is one document. */
function importFiles(read: readonly ReadFile[], options: ImportOptions, problems: Problem[]) {
  const notes: string[] = []
  let imported: SystemDocument | undefined
  for (const importer of importers) {
    const own = read.filter(({ format }) => format === importer)
    if (!own.some(({ values }) => values.length > 0)) continue
    const result = importer.read(own, options)
    problems.push(...result.problems)
    notes.push(...result.notes)
    imported = imported ? (mergeLocated(imported, result.document) as SystemDocument) : result.document
  }
  return { imported, notes }
}

/** Beside imported files, YAML of unknown formats is left out with a note; alone, it is a mistake. */
function readSystemFiles(
  read: readonly ReadFile[],
  hasImports: boolean,
  problems: Problem[],
  notes: string[],
): PlainObject[] {
  const unknown = read.filter(({ format }) => format === 'unknown')
  if (hasImports && unknown.length > 0)
    notes.push(`${unknown.length} files of other formats were left out, such as ${unknown[0]?.file}.`)
  const own = read.filter(({ format }) => format === 'system' || (format === 'unknown' && !hasImports))
  return own.flatMap(({ file, values, format }) => {
    const [value, second] = values
    if (isPlainObject(value) && second === undefined && format === 'system') return [value]
    if (value === undefined || value === null) return []
    const message = second
      ? 'The file holds several YAML documents; a system file is one. Split it at the "---" lines.'
      : 'This is not a system file, a compose file or a Kubernetes manifest. See linchpin init for a first system file.'
    problems.push({ where: positionOf(value, []) ?? { file, line: 1, column: 1 }, message })
    return []
  })
}

/** Builds the model, and once more with every mitigation applied, so that mistakes in `changes` show now, not later. */
export function checkDocument(
  document: SystemDocument,
  file: string,
): { model: SystemModel | undefined; problems: readonly Problem[] } {
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
