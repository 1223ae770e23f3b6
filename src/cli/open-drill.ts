import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type DrillPlan, planDrill, type WrittenDrill } from '../drill/index.ts'
import { digestOfClaim } from '../evidence/index.ts'
import { LabError, type LabFile, openLab } from '../lab/index.ts'
import { type SystemModel, stateClaims } from '../model/index.ts'
import type { Runbook } from '../runbook/index.ts'
import { formatPosition, locate, suggestion } from '../source/index.ts'
import { UsageError } from './exit.ts'
import { problemsOf } from './find-drills.ts'
import { findLab, readPortBase } from './find-lab.ts'
import { requirePage, vaultOf } from './find-runbooks.ts'
import { readSystem } from './read-system.ts'

export interface OpenDrill {
  readonly plan: DrillPlan
  /** Undefined when the drill has no model and proves nothing. */
  readonly model: SystemModel | undefined
  /** Where its records go; undefined without a model. */
  readonly evidence: string | undefined
}

export interface OpenOptions {
  readonly trials?: number | undefined
  /** Of the lab, instead of the one that the drill names. */
  readonly profile?: string | undefined
}

/** A drill with its lab and its model, checked against both. Throws a `UsageError` with every problem. */
export function openDrill(written: WrittenDrill, { trials, profile }: OpenOptions): OpenDrill {
  const drill = profile === undefined ? written : { ...written, input: { ...written.input, profile } }
  const labFile = labOf(drill)
  const lab = readLabPlan(drill, labFile)
  const page = pageOf(drill)
  const { plan, problems } = planDrill(drill, { labFile, lab, env: process.env, trials, page })
  if (!plan) throw problemsOf(problems)
  const system = systemOf(drill)
  const model = system === undefined ? undefined : readSystem([system]).model
  checkClaims(drill, model)
  return { plan, model, evidence: system === undefined ? undefined : evidenceOf(system) }
}

/** The page of the vault that its recovery names. */
function pageOf({ input, file, value }: WrittenDrill) {
  const name = input.recovery?.runbook
  if (name === undefined) return undefined
  try {
    const { source, runbook } = requirePage(name, vaultOf(file))
    const refusal = refuseAnswers(runbook, input.recovery?.answers ?? {})
    if (refusal !== undefined) throw new UsageError(refusal)
    return { runbook, digest: createHash('sha256').update(source.text).digest('hex') }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const where = formatPosition(locate(value, ['recovery', 'runbook'], file))
    throw new UsageError(...error.lines.map((line) => (/^\S+:\d+:\d+ /.test(line) ? line : `${where} ${line}`)))
  }
}

/** Why these are no answers to what a page asks. */
function refuseAnswers(
  { prompts, name: page }: Runbook,
  answers: Readonly<Record<string, string>>,
): string | undefined {
  const known = prompts.map(({ name }) => name)
  const unknown = Object.keys(answers).find((name) => !known.includes(name))
  return unknown && `${page} asks for no "${unknown}".${suggestion(unknown, known)} Correct the answers.`
}

function labOf({ input, file }: WrittenDrill): LabFile {
  return findLab(join(dirname(file), input.lab))
}

/** The folder of the model of a drill; undefined when there is none. */
export function systemOf({ input, file }: WrittenDrill): string | undefined {
  const path = join(dirname(file), input.system ?? '../system')
  if (existsSync(path)) return path
  if (input.system !== undefined) throw new UsageError(`${path}, the system of ${file}, does not exist. Correct it.`)
  return undefined
}

/** Beside the model: `vault/system` has its records in `vault/evidence`. */
function evidenceOf(system: string): string {
  return join(dirname(resolve(system)), 'evidence')
}

function readLabPlan({ input }: WrittenDrill, labFile: LabFile) {
  try {
    return openLab(labFile, { profile: input.profile, portBase: readPortBase(), env: process.env }).plan
  } catch (error) {
    if (error instanceof LabError) throw new UsageError(...error.lines)
    throw error
  }
}

function checkClaims(drill: WrittenDrill, model: SystemModel | undefined): void {
  const { input, value, file } = drill
  const wrong = (input.proves ?? []).flatMap((claim, i) => {
    const where = locate(value, ['proves', i], file)
    if (!model)
      return [{ where, message: 'There is no model that could make this claim. Name it with the key system.' }]
    if (digestOfClaim(model, claim) !== undefined) return []
    const known = stateClaims(model).map(({ id }) => id)
    return [
      { where, message: `The model implies no claim "${claim}".${suggestion(claim, known)} Correct one of them.` },
    ]
  })
  if (wrong.length > 0) throw problemsOf(wrong)
}
