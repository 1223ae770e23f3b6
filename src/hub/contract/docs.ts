import * as z from 'zod'
import { list } from './list.ts'

const docEntry = z.object({
  path: z.string(),
  title: z.string(),
  isIndex: z.boolean().describe('Where a reader begins: `type: index` in its front matter.'),
})
export type DocEntry = z.infer<typeof docEntry>

export const docEntries = list(docEntry)

export const docPage = docEntry.extend({
  html: z.string().describe('Sanitised: no script, no style, no link but to pages, web pages and mail.'),
  outline: list(z.object({ level: z.number(), text: z.string(), anchor: z.string() })),
  backlinks: docEntries,
})
export type DocPage = z.infer<typeof docPage>

const docHit = docEntry.pick({ path: true, title: true }).extend({
  heading: z.string().optional(),
  excerpt: z.string(),
})
export type DocHit = z.infer<typeof docHit>

export const docHits = list(docHit)

/** The pages of the vault, for reading. */
export interface HubDocs {
  readonly list: () => readonly DocEntry[]
  readonly page: (path: string) => DocPage | undefined
  readonly search: (words: string) => readonly DocHit[]
}
