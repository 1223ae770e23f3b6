import * as z from 'zod'
import { collectKeys, explainIssues, type Problem, readYaml, type SourceText } from '../source/index.ts'

/** What a vault says of itself, in a file at its root that Obsidian does not show. */
export const SETTINGS_FILE = '.linchpin.yaml'

export interface VaultSettings {
  /** The path under which old, absolute links know this vault. */
  readonly mount: string | undefined
}

const SETTINGS = z.strictObject({
  mount: z
    .string()
    .regex(/^[^/\s\\][^\\]*[^/\s\\]$/, 'is not a path such as Work/Teams/Shop')
    .optional(),
})

export function readSettings(source: SourceText | undefined): {
  readonly settings: VaultSettings
  readonly problems: readonly Problem[]
} {
  const none = { mount: undefined }
  if (!source) return { settings: none, problems: [] }
  const { values, problems } = readYaml(source)
  const [value = {}] = values
  const result = SETTINGS.safeParse(value)
  if (result.success) return { settings: { mount: result.data.mount }, problems }
  const knownKeys = () => collectKeys(z.toJSONSchema(SETTINGS))
  return {
    settings: none,
    problems: [...problems, ...explainIssues(result.error, { value, file: source.file, knownKeys })],
  }
}
