import {
  collectKeys,
  explainIssues,
  isPlainObject,
  lazy,
  locate,
  type PathStep,
  type Position,
  type Problem,
  readYaml,
  type SourceText,
  sortProblems,
} from '../../source/index.ts'
import type { PostgresqlSetting } from '../postgresql/describe-postgresql.ts'
import { checkNames } from './check-names.ts'
import { checkPorts } from './check-ports.ts'
import type { LabPlan } from './plan.ts'
import { PlanBuilder } from './plan-builder.ts'
import { applyProfile } from './profile.ts'
import { labSchema, writeLabSchema } from './schema.ts'

export interface LabSetting {
  /** The folder of `lab.yaml`. */
  readonly folder: string
  /** Where parts keep their data: one folder each below it. */
  readonly dataFolder: string
  /** What parts of kind `postgresql` run from. */
  readonly postgresql: PostgresqlSetting
  /** Undefined: the first profile, or all parts when there are none. */
  readonly profile: string | undefined
  /** Added to every port. */
  readonly portBase: number
  /** The text of a file, or undefined when it cannot be read. */
  readonly readText: (path: string) => string | undefined
  /** Undefined for commands that start nothing: `${env.X}` is then empty, whatever is set. */
  readonly env: Readonly<Record<string, string | undefined>> | undefined
}

export interface ReadLab {
  /** Undefined when there are problems. */
  readonly plan: LabPlan | undefined
  readonly problems: readonly Problem[]
  /** Where a part of the file stands, for problems that only the machine can tell. */
  readonly locate: (path: readonly PathStep[]) => Position
}

/** Reads `lab.yaml` and works out what runs in one profile, or says everything that is wrong with it. Pure. */
export function readLab(source: SourceText, setting: LabSetting): ReadLab {
  const { values, problems } = readYaml(source)
  const [value] = values
  const at = (path: readonly PathStep[]) => locate(value, path, source.file)
  const refuse = (found: readonly Problem[]) => ({ plan: undefined, problems: sortProblems(found), locate: at })
  if (problems.length > 0) return refuse(problems)
  if (!isPlainObject(value) || values.length > 1)
    return refuse([
      {
        where: at([]),
        message: 'This is not a lab: it must be one block of keys with "lab" and "parts". See docs/guide/lab.md.',
      },
    ])
  const parsed = labSchema.safeParse(value)
  if (!parsed.success) return refuse(explainIssues(parsed.error, { value, file: source.file, knownKeys }))
  const written = { input: parsed.data, value, file: source.file }
  const wrong = checkNames(written, setting.profile)
  if (wrong.length > 0) return refuse(wrong)
  const chosen = { ...written, input: applyProfile(written.input, setting.profile) }
  const builder = new PlanBuilder(chosen, setting)
  const plan = builder.build()
  const found = [...builder.problems, ...checkPorts(chosen, setting.portBase)]
  return found.length > 0 ? refuse(found) : { plan, problems: [], locate: at }
}

const knownKeys = lazy(() => collectKeys(writeLabSchema()))
