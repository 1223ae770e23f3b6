import * as z from 'zod'
import {
  collectKeys,
  DURATION_PATTERN,
  explainIssues,
  isPlainObject,
  lazy,
  locate,
  type PlainObject,
  type Problem,
  parseDuration,
} from '../../source/index.ts'

const name = z.string().regex(/^[A-Za-z][\w-]*$/, { error: 'must be a name of letters, digits, "-" and "_"' })
const names = z.union([z.string().transform((one) => [one]), z.array(z.string())], {
  error: 'must be a name or a list of names',
})
const duration = z
  .string({ error: 'must be a duration such as "5m"' })
  .regex(DURATION_PATTERN, { error: 'must be a duration such as "5m"' })
  .transform((text) => parseDuration(text) ?? 0)

const prompt = z
  .strictObject({
    ask: z.string().min(1, { error: 'must be a question' }),
    pattern: z.string().refine(isPattern, { error: 'must be a regular expression' }).optional(),
    'one-of': z.array(z.coerce.string()).min(1, { error: 'must offer at least one' }).optional(),
    default: z.coerce.string().optional(),
    secret: z.boolean().optional(),
  })
  .refine(({ secret, default: fallback }) => !(secret && fallback !== undefined), {
    error: 'is secret, and a default would give it away',
  })

/** What a page says of itself. Other keys (tags, aliases, dates) are for other tools, and may be there. */
const frontMatterSchema = z.looseObject({
  type: z.literal('runbook'),
  title: z.string().optional(),
  component: names.optional(),
  components: names.optional(),
  alerts: names.optional(),
  severity: z.enum(['P0', 'P1', 'P2', 'P3']).optional(),
  rto: duration.optional(),
  review: z.string().optional(),
  folder: z.string().optional(),
  prompts: z.record(name, prompt).optional(),
  variables: z.record(name, z.coerce.string()).optional(),
  secrets: names.optional(),
  unattended: names.optional(),
})

export type FrontMatter = z.output<typeof frontMatterSchema>

const knownKeys = lazy(() => collectKeys(z.toJSONSchema(frontMatterSchema, { io: 'input', unrepresentable: 'any' })))

export interface ReadFrontMatter {
  readonly input: FrontMatter | undefined
  readonly problems: readonly Problem[]
}

export function readFrontMatter(value: unknown, file: string): ReadFrontMatter {
  const parsed = frontMatterSchema.safeParse(value)
  if (!parsed.success) return { input: undefined, problems: explainIssues(parsed.error, { value, file, knownKeys }) }
  const { prompts = {}, variables = {} } = parsed.data
  const wrong = Object.entries(prompts).flatMap(([key, input]) => {
    const { pattern, default: fallback, 'one-of': oneOf } = input
    const fits =
      fallback === undefined ||
      ((pattern === undefined || new RegExp(`^(?:${pattern})$`).test(fallback)) && (oneOf?.includes(fallback) ?? true))
    if (fits) return []
    const where = locate(value, ['prompts', key, 'default'], file)
    return [{ where, message: `The default "${fallback}" is not an answer that ${key} takes. Correct one of them.` }]
  })
  const twice = Object.keys(prompts).filter((key) => Object.hasOwn(variables, key))
  const clashes = twice.map((key) => ({
    where: locate(value, ['variables', key], file),
    message: `"${key}" is among prompts too. Keep one.`,
  }))
  return { input: parsed.data, problems: [...wrong, ...clashes] }
}

/** Whether a page says that it is a runbook. */
export function isRunbook(value: unknown): value is PlainObject {
  return isPlainObject(value) && value.type === 'runbook'
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}
