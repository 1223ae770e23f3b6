import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFiles } from '../src/cli/find-files.ts'
import { type ParsedModel, parseModel, type SystemModel } from '../src/model/index.ts'
import { formatProblem, type SourceText } from '../src/source/index.ts'

const beside = fileURLToPath(new URL('../../shared/data', import.meta.url))
const folder = join(process.env.LINCHPIN_DATA ?? beside, 'corpus')

/** Files of real projects, which are not part of the repository: their tests are skipped where they are absent. */
export const corpus = {
  isPresent: existsSync(folder),
  skipMessage: `The files of real projects are not here (looked in ${folder}; LINCHPIN_DATA names their folder).`,
}

/** The files that paths of the corpus stand for; paths with `tests/` are the repository's own. */
export function filesOf(paths: readonly string[]): SourceText[] {
  const own = fileURLToPath(new URL('..', import.meta.url))
  return findFiles(paths.map((path) => join(path.startsWith('tests/') ? own : folder, path)))
}

export function readCorpus(paths: readonly string[]): ParsedModel {
  return parseModel(filesOf(paths))
}

export function modelOf(paths: readonly string[]): SystemModel {
  const { model, problems } = readCorpus(paths)
  if (!model) throw new Error(problems.map(formatProblem).join('\n'))
  return model
}

/** Problems with paths inside the corpus. */
export function problemsOf({ problems }: ParsedModel): string[] {
  return problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ''))
}

/** Every Compose file, and every folder of Kubernetes manifests, of the corpus. */
export function listProjects(): string[] {
  if (!corpus.isPresent) return []
  const [, ...lines] = readFileSync(join(folder, 'MANIFEST.csv'), 'utf8').trim().split('\n')
  const files = lines.map((line) => line.split(',')).filter(([, file = '']) => /\.ya?ml$/.test(file))
  const ofKind = (wanted: string) => files.flatMap(([, file = '', , , , , kind]) => (kind === wanted ? [file] : []))
  return [...ofKind('compose'), ...new Set(ofKind('k8s').map((file) => dirname(file)))]
}
