import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { planDrill, readDrill, type WrittenDrill } from '../src/drill/index.ts'
import { digestOfClaim } from '../src/evidence/index.ts'
import { type LabPlan, openLab } from '../src/lab/index.ts'
import { parseModel, type SystemModel } from '../src/model/index.ts'
import { formatProblem } from '../src/source/index.ts'

/** The model makes no claim that they could prove: they look whether anything is lost, or whether the model is right. */
const WITHOUT_CLAIM = [
  'bad-deployment',
  'database-asynchronous',
  'database-restarts',
  'one-of-each-dies',
  'one-of-each-freezes',
  'rolling-restart',
  'two-at-once',
  'webhooks-lost',
]

// MRG's drills can be run: they are read against the schema, the lab that they break and the model that they prove.
// Nothing is started.

const mrg = fileURLToPath(new URL('../mrg/', import.meta.url))
const read = (folder: string) =>
  readdirSync(join(mrg, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ file: join(mrg, folder, name), text: readFileSync(join(mrg, folder, name), 'utf8') }))

const { model, problems } = parseModel(read('vault/system'))
const labPath = join(mrg, 'lab.yaml')
const labFile = { path: labPath, source: { file: labPath, text: readFileSync(labPath, 'utf8') } }
const drills = read('vault/drills')
const labs = new Map<string | undefined, LabPlan>()

function labOf(profile: string | undefined): LabPlan {
  const known = labs.get(profile) ?? openLab(labFile, { profile }).plan
  labs.set(profile, known)
  return known
}

it('there are drills, and a model to hold them against', () => {
  expect(problems.map(formatProblem)).toEqual([])
  expect(drills.length).toBeGreaterThan(0)
})

describe.each(drills.map((source) => ({ name: basename(source.file, '.yaml'), source })))(
  '$name',
  ({ name, source }) => {
    const { drill, problems: mistakes } = readDrill(source)

    it('is a drill of that name', () => {
      expect(mistakes.map(formatProblem)).toEqual([])
      expect(drill?.input.drill).toBe(name)
    })

    const mistakesIn = (profile: string | undefined) => {
      const { problems } = planDrill(drill as WrittenDrill, { labFile, lab: labOf(profile), env: {} })
      return problems.map(formatProblem)
    }

    it('breaks what the lab has', () => {
      expect(mistakesIn(drill?.input.profile)).toEqual([])
    })

    it.runIf(drill?.input.profile === 'ha')('can be run behind a pooler too', () => {
      expect(mistakesIn('pooled')).toEqual([])
    })

    it('proves something, and only what the model claims once everything is in place', () => {
      const proves = drill?.input.proves ?? []
      if (!WITHOUT_CLAIM.includes(drill?.input.drill ?? '')) expect(proves.length).toBeGreaterThan(0)
      expect(proves.filter((claim) => digestOfClaim(model as SystemModel, claim) === undefined)).toEqual([])
    })
  },
)
