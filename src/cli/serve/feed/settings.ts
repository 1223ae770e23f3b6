import * as z from 'zod'
import { fillIn, mapTexts } from '../../../lab/index.ts'
import type { SystemModel } from '../../../model/index.ts'
import {
  collectKeys,
  explainIssues,
  lazy,
  locate,
  type Position,
  type Problem,
  readYaml,
  type SourceText,
  sortProblems,
  suggestion,
} from '../../../source/index.ts'

const FEEDS_MAX = 50
const HOSTS_MAX = 20
/** Shorter ones are guessed. */
const TOKEN_MIN = 16

const url = z
  .string()
  .refine((text) => /^https?:/.test(text) && URL.canParse(text), 'must be a URL such as http://db-1:8008')
const urls = z.array(url).min(1).max(HOSTS_MAX)
const address = z
  .string()
  .regex(/^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i, 'must be a host and a port such as cache-1:26379')
const component = z.string()

const feed = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('http'), component, urls }),
  z.strictObject({ kind: z.literal('patroni'), component, urls }),
  z.strictObject({
    kind: z.literal('sentinel'),
    component,
    addresses: z.array(address).min(1).max(HOSTS_MAX),
    master: z.string(),
    password: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('rabbitmq'),
    component,
    urls,
    user: z.string(),
    password: z.string(),
  }),
  z.strictObject({
    kind: z.literal('prometheus'),
    component: component.optional(),
    urls,
    query: z.string(),
    means: z.enum(['down', 'trouble']).optional(),
  }),
])

const schema = z.strictObject({
  feeds: z.record(z.string(), feed).default({}),
  alertmanager: z
    .strictObject({ token: z.string().min(TOKEN_MIN, `must have at least ${TOKEN_MIN} characters`) })
    .optional(),
})

export type Feed = z.infer<typeof feed>
export type FeedOf<Kind extends Feed['kind']> = Extract<Feed, { kind: Kind }>

/** What `live.yaml` names: the only hosts that the server asks. */
export interface LiveSettings {
  readonly feeds: Readonly<Record<string, Feed>>
  /** What Alertmanager has to show; undefined: alerts are not taken. */
  readonly alertToken: string | undefined
}

export const NO_SETTINGS: LiveSettings = { feeds: {}, alertToken: undefined }

interface Known {
  readonly model: SystemModel
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Reads the file, `${env.NAME}` filled in, or says everything that is wrong with it. */
export function readLiveSettings(
  source: SourceText,
  { model, env }: Known,
): { readonly settings: LiveSettings; readonly problems: readonly Problem[] } {
  const { values, problems } = readYaml(source)
  const [value = {}] = values
  const refuse = (found: readonly Problem[]) => ({ settings: NO_SETTINGS, problems: sortProblems(found) })
  if (problems.length > 0) return refuse(problems)
  const variables = new Map(Object.entries(env).flatMap(([name, text]) => (text ? [[`env.${name}`, text]] : [])))
  const mistakes: Problem[] = []
  const filled = mapTexts(value, (text) => {
    const result = fillIn(text, variables)
    if ('text' in result) return result.text
    mistakes.push({ where: placeOf(text, source), message: result.mistake })
    return text
  })
  if (mistakes.length > 0) return refuse(mistakes)
  const parsed = schema.safeParse(filled)
  if (!parsed.success) return refuse(explainIssues(parsed.error, { value, file: source.file, knownKeys }))
  const { feeds, alertmanager } = parsed.data
  if (Object.keys(feeds).length > FEEDS_MAX)
    return refuse([
      {
        where: locate(value, ['feeds'], source.file),
        message: `There are more than ${FEEDS_MAX} feeds. Leave some out.`,
      },
    ])
  const unknown = findUnknown(feeds, { value, model, file: source.file })
  if (unknown.length > 0) return refuse(unknown)
  return { settings: { feeds, alertToken: alertmanager?.token }, problems: [] }
}

/** Of a text that needs a variable: such texts stand on one line. */
function placeOf(text: string, { file, text: all }: SourceText): Position {
  const before = all.slice(0, Math.max(0, all.indexOf(text))).split('\n')
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

const knownKeys = lazy(() => collectKeys(z.toJSONSchema(schema)))

function findUnknown(
  feeds: LiveSettings['feeds'],
  { value, model, file }: { value: unknown; model: SystemModel; file: string },
): Problem[] {
  const ids = model.components.map(({ id }) => id)
  return Object.entries(feeds).flatMap(([name, { component }]) => {
    if (component === undefined || ids.includes(component)) return []
    const where = locate(value, ['feeds', name, 'component'], file)
    return [{ where, message: `"${component}" is no component of the model.${suggestion(component, ids)} Correct it.` }]
  })
}
