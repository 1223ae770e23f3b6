import { parseModel, type SystemModel } from '../model/index.ts'
import { formatProblem } from '../source/index.ts'
import { UsageError } from './exit.ts'
import { findFiles } from './find-files.ts'

/** Reads whatever the paths hold as one model, or throws a `UsageError` with every problem found. */
export function readSystem(paths: readonly string[], entries: readonly string[] = []): SystemModel {
  const { model, problems } = parseModel(findFiles(paths.length > 0 ? paths : ['.']), { entries })
  if (model) return model
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  throw new UsageError(...problems.map(formatProblem), `${count}; nothing was assessed.`)
}
