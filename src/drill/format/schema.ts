import * as z from 'zod'
import { DURATION_PATTERN, lazy, parseDuration, parseRate, RATE_PATTERN } from '../../source/index.ts'
import { parseBound } from './bound.ts'

const durationError = { error: 'must be a duration with its unit, such as "30s", "5m" or "250ms"' }
const rateError = { error: 'must be a rate such as "20/s" or "300/m"' }

const duration = z
  .string(durationError)
  .regex(DURATION_PATTERN, durationError)
  .transform((text) => parseDuration(text) ?? 0)
  .meta({ examples: ['250ms', '30s', '5m'] })
const rate = z
  .string(rateError)
  .regex(RATE_PATTERN, rateError)
  .transform((text) => parseRate(text) ?? 0)
  .meta({ examples: ['20/s'] })
const id = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/i, { error: 'must be a name of letters, digits, "-" and "_"' })
const bound = z
  .union([z.string(), z.number(), z.boolean()], { error: 'must be a bound such as ">= 99%", "<= 10s", or a text' })
  .transform((value) => parseBound(typeof value === 'number' ? `= ${value}` : String(value)))
  .meta({ examples: ['>= 99%', '<= 10s', '= 0', 'open'] })
const words = z
  .array(z.coerce.string(), { error: 'must be a list: the command and its arguments' })
  .min(1, { error: 'must name a command' })
const pattern = z.string().refine(isPattern, { error: 'must be a regular expression' })
const request = z
  .string()
  .regex(/^(?:[A-Z]+\s+)?(?:http:\/\/|\$\{)\S+$/, { error: 'must be a method and an http URL, such as "GET http://…"' })
const names = z.array(z.string()).min(1, { error: 'must name at least one' })

const answer = z
  .strictObject({
    status: z.union([z.string(), z.number()]).transform(String).optional().describe('Such as 200, "2xx" or "200-299".'),
    body: pattern.optional().describe('A regular expression that the body matches.'),
  })
  .refine((value) => value.status !== undefined || value.body !== undefined, { error: 'must have status or body' })

const load = z.strictObject({
  flow: id.optional().describe('The flow of the model whose users these are.'),
  http: request.describe('Method and URL.'),
  headers: z.record(z.string(), z.string()).optional(),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of a drill file
  body: z.unknown().optional().describe('Sent as JSON; "${uuid}" and "${n}" are new in every request.'),
  rate: rate.describe('Requests are sent at this rate whatever is answered.'),
  timeout: duration.optional().describe('No answer for so long is a failure; 5s by default.'),
  ok: answer.optional().describe('What a good answer is; a status from 200 to 299 by default.'),
  degraded: answer.optional().describe('An answer that serves, with something missing; looked at before ok.'),
  acknowledges: z
    .string()
    .optional()
    .describe('The field of the answer that names what was acknowledged; see probes of the kind command.'),
})

/** What a probe may ask: exactly one of these keys. */
export const PROBE_KINDS = ['http', 'metric', 'promql', 'sql', 'command', 'log'] as const

const probe = z
  .strictObject({
    http: request.optional().describe('Its status; with field, a field of the JSON that it answers.'),
    metric: z
      .string()
      .optional()
      .describe('A series of Prometheus text, such as breaker_state{to="stock"}; needs url, one or several.'),
    promql: z.string().optional().describe('An expression; needs url, that of Prometheus.'),
    sql: z.string().optional().describe('A query whose first column of the first row is the value; needs url.'),
    command: words.optional().describe('A command that prints JSON; needs field.'),
    log: pattern.optional().describe('How many lines of the log of a part match since the load began; needs part.'),
    url: z.string().optional(),
    field: z.string().optional().describe('Which field, such as orders.missing.'),
    part: z.string().optional(),
    every: duration.optional().describe('How often it is asked; 1s by default.'),
    once: z.literal(true).optional().describe('It is asked only where an expectation or the steady state needs it.'),
    timeout: duration.optional().describe('5s by default.'),
  })
  .superRefine((value, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', message })
    const kinds = PROBE_KINDS.filter((kind) => value[kind] !== undefined)
    if (kinds.length !== 1) complain('must have exactly one of http, metric, promql, sql, command and log')
    if ((value.metric ?? value.promql ?? value.sql) !== undefined && value.url === undefined)
      complain('needs the key url')
    if (value.command !== undefined && value.field === undefined) complain('needs the key field')
    if (value.log !== undefined && value.part === undefined) complain('needs the key part')
  })

const onProbe = {
  probe: id,
  is: bound.optional().describe('Of the last value.'),
  reaches: bound.optional().describe('Of at least one value.'),
  stays: bound.optional().describe('Of every value.'),
  rises: bound.optional().describe('By how much the last value is above the last one before the fault.'),
}

const steady = z.strictObject({ probe: id, is: bound })
const landed = z.strictObject({ probe: id, is: onProbe.is, reaches: onProbe.reaches, rises: onProbe.rises })

const setting = z.union([
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
  z.union([z.array(z.string()), z.record(z.string(), z.string())]).transform((value) => JSON.stringify(value)),
])

const step = z.strictObject({
  fault: id.describe('kill, freeze, restart, latency … or one that the part declares.'),
  target: z.union([z.string(), names]).describe('A part, an instance such as shop.2, a link such as "shop>stock".'),
  where: z
    .record(id, z.string())
    .refine((where) => Object.keys(where).length > 0, { error: 'must name a figure' })
    .optional()
    .describe('Only those of its instances whose figures say this when the fault is due, such as { role: leader }.'),
  settings: z.record(id, setting).optional(),
  at: duration.optional().describe('After the beginning of the first fault; 0s by default.'),
  for: duration.describe('How long it holds, once it is applied.'),
  live: duration.optional().describe('Its time to live: the watchdog ends it then, whatever happens; for + 60s.'),
  landed: landed.optional().describe('How to see that it landed; needed for faults that a part declares.'),
  stage: z
    .literal(true)
    .optional()
    .describe(
      'It sets the stage, such as another configuration: what users wait for is counted from the next fault on.',
    ),
})

const expectation = z
  .strictObject({
    while: z
      .enum(['broken', 'mended'])
      .optional()
      .describe('While the faults hold, or from their undo on; broken by default.'),
    from: duration.optional().describe('The beginning of this time that does not count.'),
    load: id.optional(),
    ok: bound.optional(),
    degraded: bound.optional(),
    failed: bound.optional(),
    served: bound.optional().describe('ok or degraded.'),
    p50: bound.optional(),
    p90: bound.optional(),
    p99: bound.optional(),
    max: bound.optional(),
    rto: bound.optional().describe('From the fault to the first of a run of served requests.'),
    'as-modelled': z
      .literal(true)
      .optional()
      .describe('The flow of this load is down or served, as the model predicts of what is broken.'),
    ...onProbe,
    probe: id.optional(),
    claims: z
      .array(z.string())
      .optional()
      .describe('The claims that rest on it; all that the drill proves by default. None: it is expected for itself.'),
    measures: z.enum(['lost', 'doubled']).optional().describe('What the value of a probe counts, for the record.'),
  })
  .superRefine((value, context) => {
    const given = (keys: readonly (OfLoads | OfProbes | 'as-modelled')[]) =>
      keys.some((key) => value[key] !== undefined)
    const complain = (message: string) => context.addIssue({ code: 'custom', message })
    if ((value.load === undefined) === (value.probe === undefined)) complain('must have exactly one of load and probe')
    else if (value.load !== undefined && !given([...OF_LOADS, 'as-modelled']))
      complain(`must have one of ${OF_LOADS.join(', ')}, as-modelled`)
    else if (value.probe !== undefined && !given(OF_PROBES)) complain(`must have one of ${OF_PROBES.join(', ')}`)
    else if (given(value.load === undefined ? [...OF_LOADS, 'as-modelled'] : OF_PROBES))
      complain('mixes what is for loads with what is for probes')
  })

/** What may be expected of a load, and of a probe. */
export const OF_LOADS = ['ok', 'degraded', 'failed', 'served', 'p50', 'p90', 'p99', 'max', 'rto'] as const
export const OF_PROBES = ['is', 'reaches', 'stays', 'rises'] as const
export type OfLoads = (typeof OF_LOADS)[number]
export type OfProbes = (typeof OF_PROBES)[number]

const abort = z
  .strictObject({
    load: id.optional(),
    failed: bound.optional().describe('Share of the last requests.'),
    over: duration.optional().describe('Which are the last; 5s by default.'),
    probe: id.optional(),
    is: bound.optional(),
  })
  .refine((value) => (value.load !== undefined && value.failed) || (value.probe !== undefined && value.is), {
    error: 'must have load and failed, or probe and is',
  })

/** The format of a drill file. */
export const drillSchema = z
  .strictObject({
    $schema: z.string().optional(),
    drill: id.describe('The name of the drill.'),
    title: z.string().optional().describe('What is to be shown, as a sentence.'),
    proves: names.optional().describe('Claims of the model, such as failover:database.'),
    lab: z.string().describe('The lab.yaml to break, seen from this file.'),
    profile: id.optional().describe('Which parts of the lab; the first profile by default.'),
    system: z.string().optional().describe('The model, seen from this file; ../system by default.'),
    parameters: z
      .record(id, z.union([z.string(), z.number(), z.boolean()]).transform(String))
      .optional()
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of a drill file
      .describe('Used as ${parameter.NAME}, changed by --set NAME=value.'),
    parts: z.record(id, id).optional().describe('Parts of the lab whose component in the model has another name.'),
    load: z.record(id, load).optional().describe('Who uses the platform meanwhile.'),
    probes: z.record(id, probe).optional().describe('What else is looked at.'),
    steady: z.array(steady).optional().describe('What must hold before and after, besides every part being ready.'),
    method: z.array(step).min(1, { error: 'must have at least one fault' }).describe('What is broken, and when.'),
    recovery: z
      .strictObject({
        command: words.optional(),
        runbook: z.string().optional().describe('The page of the vault that is gone through, without a person.'),
        on: id.optional().describe('The environment whose blocks of the page count; lab by default.'),
        approve: names.optional().describe('Dangerous steps of the page that may be done, or all.'),
        answers: z.record(id, z.coerce.string()).optional().describe('What its prompts are answered.'),
        at: duration.optional().describe('After the beginning of the first fault; 0s by default.'),
        within: duration.optional().describe('60s by default; of a page 10m, or twice its target.'),
      })
      .superRefine((value, context) => {
        const complain = (message: string) => context.addIssue({ code: 'custom', message })
        if ((value.command === undefined) === (value.runbook === undefined))
          complain('must have exactly one of command and runbook')
        const ofPages = [value.on, value.approve, value.answers]
        if (value.command !== undefined && ofPages.some((key) => key !== undefined))
          complain('mixes what is for a command with what is for a runbook')
      })
      .optional()
      .describe('What a person would do about it.'),
    milestones: z
      .array(id)
      .optional()
      .describe('Probes whose first rise after the fault marks a step on the way back, in their order.'),
    bound: z
      .strictObject({ probe: id })
      .optional()
      .describe('A probe that says how many ms a failover may take as it is configured; told beside what it took.'),
    expect: z.array(expectation).min(1, { error: 'must expect something' }),
    abort: z.array(abort).optional().describe('Whichever comes true undoes everything at once.'),
    trials: z.int().min(1).max(100).optional().describe('How often; once by default.'),
    timing: z
      .strictObject({
        before: duration.optional().describe('How long the load runs before the first fault; 3s by default.'),
        after: duration.optional().describe('And after the undo, at least; 5s by default.'),
        'steady-within': duration.optional().describe('Steady state must be back then, after the undo; 60s.'),
      })
      .optional(),
    limits: z.strictObject({
      targets: names.describe('What may be hit: a drill that would hit more is refused.'),
    }),
  })
  .meta({ title: 'Linchpin drill' })

export type DrillInput = z.output<typeof drillSchema>
export type LoadInput = z.output<typeof load>
export type ProbeInput = z.output<typeof probe>
export type StepInput = z.output<typeof step>
export type ExpectationInput = z.output<typeof expectation>
export type AbortInput = z.output<typeof abort>
export type AnswerInput = z.output<typeof answer>
export type SteadyInput = z.output<typeof steady>
export type LandedInput = z.output<typeof landed>

/** JSON Schema (2020-12) of the format, for editors. */
export const writeDrillSchema = lazy(() => z.toJSONSchema(drillSchema, { io: 'input', unrepresentable: 'any' }))

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'm')
    return true
  } catch {
    return false
  }
}
