import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../source/index.ts'
import { appendRecord, verifyRecords } from '../index.ts'
import { sampleDraft } from '../testing/sample-record.ts'

const root = mkdtempSync(join(tmpdir(), 'linchpin-verify-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A folder with a chain of three records, and their paths. */
async function chain() {
  const folder = mkdtempSync(join(root, 'chain-'))
  const added = []
  for (const day of [0, 1, 2]) added.push(await appendRecord(folder, sampleDraft({}, { day })))
  const [first, second, third] = added
  if (!first || !second || !third) throw new Error('three were added')
  return { folder, first, second, third }
}

const kinds = (folder: string, options = {}) => verifyRecords(folder, options).findings.map(({ kind }) => kind)

describe('verification', () => {
  it('finds nothing wrong with a chain that was only added to', async () => {
    const { folder, third } = await chain()
    expect(verifyRecords(folder, { head: third.digest })).toEqual({
      recordCount: 3,
      heads: [third.digest],
      findings: [],
      leftovers: [],
    })
  })

  it('finds nothing wrong with a folder that is not there', () =>
    expect(verifyRecords(join(root, 'none'))).toMatchObject({ recordCount: 0, heads: [], findings: [] }))

  it('finds nothing in a file of that name', () => {
    writeFileSync(join(root, 'evidence'), 'a note')
    expect(verifyRecords(join(root, 'evidence'))).toMatchObject({ recordCount: 0, findings: [] })
  })

  it('finds a changed record', async () => {
    const { folder, first } = await chain()
    writeFileSync(first.file, readFileSync(first.file, 'utf8').replace('because of it', 'because I say so'))
    expect(kinds(folder)).toEqual(['edited'])
  })

  it('finds a record that was changed together with its digest, by its children', async () => {
    const { folder, second } = await chain()
    const { digest, ...content } = JSON.parse(readFileSync(second.file, 'utf8'))
    content.environment = 'production'
    writeFileSync(second.file, JSON.stringify({ ...content, digest: digestOf(content) }))
    expect(kinds(folder)).toEqual(['gap'])
  })

  it('finds a removed record by its children', async () => {
    const { folder, first } = await chain()
    rmSync(first.file)
    expect(kinds(folder)).toEqual(['gap'])
  })

  it('finds the loss of the newest only against a head that was kept elsewhere', async () => {
    const { folder, third } = await chain()
    rmSync(third.file)
    expect(kinds(folder)).toEqual([])
    expect(kinds(folder, { head: third.digest })).toEqual(['lost'])
  })

  it('finds files that are no whole record, and copies', async () => {
    const { folder, first } = await chain()
    writeFileSync(join(folder, 'half.json'), readFileSync(first.file, 'utf8').slice(0, 200))
    copyFileSync(first.file, join(folder, 'copy.json'))
    expect(kinds(folder).sort()).toEqual(['misnamed', 'unreadable'])
  })

  it('takes writes cut short for no damage, and says that they are there', async () => {
    const { folder } = await chain()
    writeFileSync(join(folder, '.0b5c.tmp'), '{')
    expect(verifyRecords(folder)).toMatchObject({ findings: [], leftovers: ['.0b5c.tmp'] })
  })
})

describe('writers at once', () => {
  it('lose nothing and leave a whole chain that ends in one head, however many there are', async () => {
    const rounds = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 })
    const property = fc.asyncProperty(rounds, async (counts) => {
      const folder = mkdtempSync(join(root, 'writers-'))
      for (const [round, count] of counts.entries()) {
        const drafts = Array.from({ length: count }, (_, writer) =>
          sampleDraft({}, { day: round, drill: `writer-${writer}` }),
        )
        await Promise.all(drafts.map((draft) => appendRecord(folder, draft)))
      }
      const merge = await appendRecord(folder, sampleDraft({}, { day: 99 }))
      const total = counts.reduce((sum, count) => sum + count, 1)
      expect(verifyRecords(folder)).toEqual({ recordCount: total, heads: [merge.digest], findings: [], leftovers: [] })
      expect(readdirSync(folder)).toHaveLength(total)
    })
    await fc.assert(property, { numRuns: 15 })
  })
})
