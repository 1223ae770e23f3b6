import { parseModel, type SystemModel } from '../model/index.ts'
import { formatProblem } from '../source/index.ts'
import { UsageError } from './exit.ts'
import { findFiles } from './find-files.ts'

/** More would only scroll the first ones away. */
const PROBLEMS_SHOWN = 200

export interface ReadSystem {
  readonly model: SystemModel
  /** What an importer read only in part, or left out. */
  readonly notes: readonly string[]
}

/** Reads whatever the paths hold as one model, or throws a `UsageError` with every problem found. */
export function readSystem(paths: readonly string[], entries: readonly string[] = []): ReadSystem {
  const { model, problems, notes } = parseModel(findFiles(paths.length > 0 ? paths : ['.']), { entries })
  if (model) return { model, notes }
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  const hidden = problems.length - PROBLEMS_SHOWN
  const more = hidden > 0 ? [`and ${hidden} more.`] : []
  throw new UsageError(
    ...problems.slice(0, PROBLEMS_SHOWN).map(formatProblem),
    ...more,
    `${count}; nothing was assessed.`,
  )
}
