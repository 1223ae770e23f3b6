import * as z from 'zod'
import { instant, list, texts } from './list.ts'

const promptEntry = z.object({
  name: z.string(),
  ask: z.string(),
  oneOf: texts.describe('Empty: any text.'),
  pattern: z.string().optional(),
  fallback: z.string().optional(),
  isSecret: z.boolean(),
})
export type PromptEntry = z.infer<typeof promptEntry>

const runbookEntry = z.object({
  name: z.string(),
  title: z.string(),
  path: z.string(),
  components: texts,
  severity: z.string().optional(),
  targetMs: z.number().optional(),
  problems: texts,
  prompts: list(promptEntry).describe('What can be answered before it begins.'),
  stopped: list(z.object({ run: z.string(), startedAt: instant, environment: z.string(), steps: z.number() })).describe(
    'Runs that can be gone on with, newest first, and how many steps have ended.',
  ),
})
export type RunbookEntry = z.infer<typeof runbookEntry>

export const hubRunbooks = list(runbookEntry)

/** What somebody has to decide before the run goes on. */
const runQuestion = z.object({
  id: z.number(),
  kind: z.enum(['ask', 'approve', 'tick', 'failure', 'interrupted', 'branch']),
  text: z.string(),
  choices: texts.optional().describe('Absent: free text.'),
  isSecret: z.boolean(),
  role: z.enum(['operator', 'approver']).describe('Who may answer.'),
  fallback: z.string().optional(),
})
export type RunQuestion = z.infer<typeof runQuestion>

const runLine = z.object({
  at: instant,
  kind: z.enum(['heading', 'says', 'does', 'shows', 'ok', 'failed', 'skipped', 'left', 'note', 'answer']),
  text: z.string(),
})
export type RunLine = z.infer<typeof runLine>

const runResult = z.object({
  ending: z.string(),
  because: z.string(),
  rtoMs: z.number().optional(),
  isInTime: z.boolean().optional(),
  steps: list(z.object({ id: z.string(), state: z.string(), tookMs: z.number() })),
  transcript: z.string(),
  postMortem: z.string().optional(),
})

/** A page that is carried out, the same for everyone who looks. */
export const hubPageRun = z.object({
  runbook: z.string(),
  title: z.string(),
  by: z.string(),
  startedAt: instant,
  targetMs: z.number().optional(),
  state: z.enum(['running', 'waiting', 'ended']),
  question: runQuestion.optional(),
  lines: list(runLine),
  result: runResult.optional(),
  trouble: z.string().optional(),
})
export type HubPageRun = z.infer<typeof hubPageRun>

export const startOfRun = z.strictObject({
  answers: z
    .record(z.string().max(200), z.string().max(10_000))
    .default({})
    .describe('By prompt; others are asked when they are needed.'),
  resume: z.string().max(300).optional().describe('The run to go on with; absent: a new one.'),
})
export type StartOfRun = z.output<typeof startOfRun>

export const givenAnswer = z.strictObject({
  id: z.number().describe('The number of the question.'),
  value: z.string(),
})
