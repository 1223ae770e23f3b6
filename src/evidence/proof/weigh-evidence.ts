import type { SystemModel } from '../../model/index.ts'
import { type Judgements, judgeClaims } from '../judge/judge-claims.ts'
import { VALID_FOR_MS } from '../judge/sample.ts'
import type { EvidenceFinding } from '../record/record.ts'
import type { Evidence } from '../store/read-records.ts'
import { type DueDrill, type KnownDrill, listDue } from './list-due.ts'
import { type Support, supportOf } from './support.ts'

/** Everything that evidence says of a model at one moment. */
export interface Proof {
  readonly asOf: string
  /** What `assess` takes of it. */
  readonly support: Support
  readonly judgements: Judgements
  /** Most valuable first. */
  readonly due: readonly DueDrill[]
  /** Claims that no known drill tries. */
  readonly notDrillable: readonly string[]
  readonly findings: readonly OpenFinding[]
  readonly drillCount: number
  readonly recordCount: number
  readonly damagedCount: number
}

/** Something a drill came across, and its last run still did. */
export interface OpenFinding extends EvidenceFinding {
  readonly at: string
  readonly environment: string
  readonly drill: string
}

export interface WeighOptions {
  readonly model: SystemModel
  readonly evidence: Evidence
  readonly drills: readonly KnownDrill[]
  readonly asOf: Date
}

/** Pure: a function of the model, the records, the known drills and the moment. */
export function weighEvidence({ model, evidence, drills, asOf }: WeighOptions): Proof {
  const { records, damaged } = evidence
  const judgements = judgeClaims({ model, records, asOf })
  const tried = new Set(drills.flatMap(({ proves }) => proves))
  return {
    asOf: asOf.toISOString(),
    support: supportOf(model, judgements),
    judgements,
    due: listDue({ model, judgements, drills, records, asOf }),
    notDrillable: [...judgements.keys()].filter((claim) => !tried.has(claim)),
    findings: listOpenFindings(evidence, asOf),
    drillCount: drills.length,
    recordCount: records.length,
    damagedCount: damaged.length,
  }
}

/** Of the last run of each drill in each environment, while it is not too old. */
function listOpenFindings({ records }: Evidence, asOf: Date): OpenFinding[] {
  const past = records.filter(({ record }) => Date.parse(record.at) <= asOf.getTime())
  const last = new Map(past.map(({ record }) => [`${record.environment} ${record.drill.name}`, record]))
  return [...last.values()]
    .filter(({ at }) => Date.parse(at) + VALID_FOR_MS > asOf.getTime())
    .flatMap(({ findings, at, environment, drill }) =>
      findings.map((finding) => ({ ...finding, at, environment, drill: drill.name })),
    )
}
