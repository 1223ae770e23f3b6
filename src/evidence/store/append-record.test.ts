import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { appendRecord, InvalidRecordError, type RecordDraft, readRecords } from '../index.ts'

const root = mkdtempSync(join(tmpdir(), 'linchpin-evidence-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folders = 0
const newFolder = () => join(root, `${folders++}`, 'evidence')

function draft(minute: number, because = 'the breaker opened'): RecordDraft {
  const trials = [{ errors: 0 }]
  return {
    at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
    environment: 'lab:embedded',
    drill: { name: 'stars-hang', digest: 'a'.repeat(64) },
    claims: [{ claim: 'guard:shop>stars', part: 'b'.repeat(64), verdict: 'supported', because, trials }],
    findings: [],
  }
}

describe('a record is added', () => {
  it('as one file that people can read, named by time and id', async () => {
    const folder = newFolder()
    const { file, digest, record } = await appendRecord(folder, draft(0))
    expect(file).toBe(join(folder, `20260101T000000Z-${record.id}.json`))
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('\n  "environment": "lab:embedded",\n')
    expect(JSON.parse(text)).toEqual({ ...record, digest })
  })

  it('and read back as it was, oldest first', async () => {
    const folder = newFolder()
    const second = await appendRecord(folder, draft(2))
    const first = await appendRecord(folder, draft(1))
    const { records, damaged } = readRecords(folder)
    expect(damaged).toEqual([])
    expect(records.map(({ digest }) => digest)).toEqual([first.digest, second.digest])
    expect(records[0]?.record).toEqual(first.record)
  })

  it('as the child of every newest record: a fork is merged by the next', async () => {
    const folder = newFolder()
    const root = await appendRecord(folder, draft(0))
    const forks = await Promise.all([1, 2].map((minute) => appendRecord(folder, draft(minute))))
    for (const { record } of forks) expect(record.parents).toEqual([root.digest])
    const merge = await appendRecord(folder, draft(3))
    expect(merge.record.parents).toEqual(forks.map(({ digest }) => digest).sort())
  })

  it('only when it keeps the format: the error says what is wrong', async () => {
    const wrong = { ...draft(0), environment: 'db-1.example.org', host: 'db-1' }
    const added = appendRecord(newFolder(), wrong)
    await expect(added).rejects.toThrow(InvalidRecordError)
    await expect(added).rejects.toThrow(/"host"[\s\S]*lab:embedded/)
  })
})

describe('a file that was touched does not count', () => {
  it('an edited record is told from one that is no record', async () => {
    const folder = newFolder()
    const { file, digest } = await appendRecord(folder, draft(0))
    writeFileSync(file, readFileSync(file, 'utf8').replace('the breaker opened', 'all was well'))
    writeFileSync(join(folder, 'z.json'), '{ "format": 2 }')
    const { records, damaged } = readRecords(folder)
    expect(records).toEqual([])
    expect(damaged.map(({ kind, stated }) => ({ kind, stated }))).toEqual([
      { kind: 'edited', stated: digest },
      { kind: 'unreadable', stated: undefined },
    ])
  })

  it('and the chain goes on from the digest it had', async () => {
    const folder = newFolder()
    const { file, digest } = await appendRecord(folder, draft(0))
    writeFileSync(file, readFileSync(file, 'utf8').replace('the breaker opened', 'all was well'))
    const next = await appendRecord(folder, draft(1))
    expect(next.record.parents).toEqual([digest])
  })
})
