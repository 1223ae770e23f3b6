import * as z from 'zod'

export const RECORD_FORMAT = 1
/** A drill's account is a page, not a book. */
const TEXT_MAX = 1_000
const TRIALS_MAX = 10_000

const text = z.string().min(1).max(TEXT_MAX)
const digest = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be a SHA-256 in hexadecimal' })
const environment = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*(:[a-z0-9][a-z0-9-]*)?$/, { error: 'must be a name such as "lab:embedded" or "staging"' })
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, { error: 'must be a UTC time with milliseconds' })
  .refine((value) => !Number.isNaN(Date.parse(value)), { error: 'must be a time that exists' })
const values = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), z.number())
  .describe(
    'Measured figures by name; the name ends in the unit. docs/reference/evidence-format.md lists the usual ones.',
  )

const claimResult = z.strictObject({
  claim: text.describe('Id of the claim, such as failover:postgresql.'),
  part: digest.describe('SHA-256 of the part of the model that the claim rests on.'),
  verdict: z
    .enum(['supported', 'refuted', 'unknown'])
    .describe('What these trials say; the minimum sample is judged later.'),
  because: text.describe('The reason in one sentence.'),
  trials: z.array(values).max(TRIALS_MAX).describe('One entry for each time it was tried.'),
  measured: values.optional().describe('Figures of all trials together, such as the resolution of a time.'),
  validForMs: z.number().positive().optional().describe('How long the result holds; absent: 30 days.'),
})

const finding = z.strictObject({
  code: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*$/)
    .describe('Such as undeclared-dependency.'),
  flow: text.optional(),
  component: text.optional(),
  message: text,
})

/** What a drill found out, once; docs/reference/evidence-format.md. */
export const recordSchema = z
  .strictObject({
    format: z.literal(RECORD_FORMAT),
    id: z
      .string()
      .regex(/^[0-9a-f]{12}$/)
      .describe('The first digits of the digest of everything but id and digest.'),
    at: instant.describe('When the run ended.'),
    parents: z.array(digest).describe('Digests of every newest record at the time of writing.'),
    environment: environment.describe('Where it was tried: lab:embedded, lab:ha, staging, production.'),
    drill: z.strictObject({ name: text, digest: digest.describe('SHA-256 of the file of the drill.') }),
    build: text.optional().describe('What identifies the build that was tried.'),
    tookMs: z.number().min(0).optional().describe('How long the whole run took.'),
    claims: z.array(claimResult),
    findings: z.array(finding),
  })
  .meta({ title: 'Linchpin evidence record' })

export type EvidenceRecord = z.output<typeof recordSchema>
export type ClaimResult = z.output<typeof claimResult>
export type EvidenceFinding = z.output<typeof finding>
/** What a drill hands over: the rest of the record is filled in when it is appended. */
export type RecordDraft = Omit<EvidenceRecord, 'format' | 'id' | 'parents'>

/** JSON Schema (2020-12) of a record's file. */
export function writeRecordSchema(): object {
  const file = recordSchema.extend({ digest: digest.describe('SHA-256 of the canonical JSON of everything else.') })
  return z.toJSONSchema(file.meta({ title: 'Linchpin evidence record' }))
}
