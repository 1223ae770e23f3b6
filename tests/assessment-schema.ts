import * as z from 'zod'

// The JSON contract of `linchpin assess --format json`, as a schema: what docs/reference/assessment.schema.json says.

const share = z.number().min(0).max(1)
const radius = z
  .strictObject({ down: share, degraded: share })
  .describe('Shares of business volume; degraded does not include down.')
const spofKind = z.enum(['single', 'shared-fate', 'hang', 'slow-failover', 'data-loss', 'logic'])
const milliseconds = z.number().min(0).nullable()

const event = z.strictObject({
  component: z.string(),
  mode: z.enum(['crash', 'hang']),
  instance: z.int().min(0).optional().describe('Absent: a cause takes every instance.'),
  cause: z.enum(['deployment', 'common-cause', 'failover']).optional(),
})

const flow = z.strictObject({
  id: z.string(),
  title: z.string(),
  share,
  entry: z.string(),
  unavailability: share.describe('Upper end of a proved interval; exact when equal to unavailabilityLower.'),
  unavailabilityLower: share,
  minutesDownPerYear: z.number().min(0),
  minutesDownCertainPerYear: z.number().min(0).describe('What is left when every assumption is resolved well.'),
  minutesDegradedPerYear: z.number().min(0),
  errorBudgetMinutes: z.number().nullable().describe('Null: no availability objective.'),
  spofs: z.array(
    z.strictObject({
      component: z.string(),
      kinds: z.array(spofKind).min(1),
      assumedKinds: z.array(spofKind),
      assumed: z.boolean().describe('Nothing but assumptions makes it a SPOF.'),
      witness: z.array(z.string()).min(1).describe("From the flow's entry to the component."),
    }),
  ),
  cutSets: z.array(z.strictObject({ order: z.int().min(1), probability: share, events: z.array(event).min(1) })),
  truncated: z.boolean(),
})

const component = z.strictObject({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  group: z.enum(['infrastructure', 'services', 'external']),
  tier: z.enum(['P0', 'P1', 'P2', 'P3']).nullable(),
  blastRadius: radius,
  hangRadius: radius,
  spofKinds: z.array(spofKind),
  assumedKinds: z.array(spofKind),
  assumed: z.boolean(),
  spofOf: z.array(z.string()),
  risk: z.number().min(0).nullable().describe('Share of the worst-hit error budget; may exceed 1; null: no budget.'),
  riskDegraded: z.number().min(0).nullable(),
  minutesDownPerYear: z.number().min(0),
  recovery: z.strictObject({
    objectiveMs: milliseconds,
    boundMs: milliseconds,
    claimedMs: milliseconds,
    measuredMs: milliseconds,
  }),
  loss: z.strictObject({ objectiveMs: milliseconds, boundMs: milliseconds, measured: milliseconds }),
  importance: z
    .strictObject({
      birnbaum: z.number().min(0),
      fussellVesely: z.number().min(0).max(1),
      raw: z.number().min(0),
      rrw: z.number().min(0).nullable().describe('Null: infinite, nothing else causes failures.'),
    })
    .optional()
    .describe('Absent on very large platforms.'),
})

const rung = z.enum(['declared', 'coded', 'wired', 'proved'])
const claim = z.strictObject({
  id: z.string(),
  verdict: z.enum(['supported', 'refuted', 'unknown']),
  rung: rung.describe('The highest with every rung below it reached.'),
  unchecked: z.array(rung).describe('Rungs that nobody has looked at.'),
  environment: z.string().nullable().describe('Where it was tried; null: nothing that fits the model is recorded.'),
  at: z.string().nullable().describe('When it was last tried there.'),
  expiresAt: z.string().nullable().describe('When the support ends; null without support.'),
  trials: z.int().min(0).nullable().describe('Trials that count now.'),
  trialsNeeded: z.int().min(1).nullable(),
  spread: z
    .record(z.string(), z.strictObject({ min: z.number(), median: z.number(), max: z.number() }))
    .nullable()
    .describe('Over the trials that count, by name of the figure.'),
  lossAtMost: share.nullable().describe('After no loss in any trial: share of trials that would lose, at 95 %.'),
  reason: z.string().nullable(),
})

const evidence = z.strictObject({
  records: z.int().min(0),
  damaged: z.int().min(0).describe('Files that cannot count: see linchpin evidence verify.'),
  findings: z
    .array(
      z.strictObject({
        code: z.string(),
        message: z.string(),
        at: z.string(),
        environment: z.string(),
        drill: z.string(),
        flow: z.string().nullable(),
        component: z.string().nullable(),
      }),
    )
    .describe('What the last run of a drill came across.'),
  due: z
    .array(
      z.strictObject({
        drill: z.string(),
        claims: z.array(z.string()),
        dueAt: z.string(),
        minutesAtStake: z.number().min(0).describe('Minutes down a year, by business share, that hang on its claims.'),
        takesMs: z.number().min(0),
        isTimeAssumed: z.boolean(),
      }),
    )
    .describe('The known drills, most valuable first.'),
  notDrillable: z.array(z.string()).describe('Claims that no known drill tries.'),
})

const view = z.strictObject({
  flows: z.array(flow),
  components: z.array(component),
  claims: z.array(claim),
  metrics: z.array(
    z.strictObject({
      id: z.string(),
      said: z.string().nullable().describe('What people quoted before it was computed.'),
      was: z.number().nullable(),
      claimed: z.number().nullable(),
      proved: z.number().nullable(),
      target: z.number(),
      planned: z.number().nullable().describe('What the model reaches with every mitigation.'),
      due: z.string().nullable(),
    }),
  ),
  findings: z.array(
    z.strictObject({
      code: z.string().regex(/^LP\d{3}$/),
      severity: z.enum(['error', 'warning', 'note']),
      where: z.string().describe('The component, dependency or flow it is about.'),
      message: z.string(),
    }),
  ),
})

export const assessmentSchema = z
  .strictObject({
    system: z.string(),
    modelDigest: z.string().regex(/^[0-9a-f]{64}$/),
    asOf: z.string(),
    problems: z.array(z.strictObject({ file: z.string(), line: z.int(), column: z.int(), message: z.string() })),
    assumptions: z.strictObject({ dependencyCount: z.int(), assumedHard: z.array(z.string()) }),
    evidence,
    was: view,
    claimed: view,
    proved: view,
    target: view,
  })
  .meta({ title: 'Linchpin assessment' })
