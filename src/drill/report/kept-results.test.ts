import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DrillFolder } from '../safety/drill-folder.ts'
import { listKeptRuns, readKeptResult } from './kept-results.ts'

const folder = mkdtempSync(join(tmpdir(), 'linchpin-kept-'))
const labFile = { path: join(folder, 'lab.yaml'), source: { file: 'lab.yaml', text: '' } }
const trial = { measured: { rtoMs: 900 }, events: [], timeline: {}, looks: { breaker: [{ atMs: 1 }] } }
const result = {
  run: 'a',
  drill: 'stock-hangs',
  environment: 'lab:embedded',
  endedAt: '2026-01-01T00:00:00.000Z',
  tookMs: 1,
  verdict: 'supported',
  because: 'served',
  claims: [],
  trials: [trial],
}

beforeAll(() => {
  const write = (run: string, text: string) => {
    mkdirSync(join(new DrillFolder(labFile).runs, run), { recursive: true })
    writeFileSync(join(new DrillFolder(labFile).runs, run, 'result.json'), text)
  }
  write('a', JSON.stringify(result))
  write('b', JSON.stringify(result).slice(0, 40))
  write('c', JSON.stringify({ ...result, verdict: 'fine' }))
  mkdirSync(join(new DrillFolder(labFile).runs, 'd'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('a run that ended is read back with its figures', () => {
  expect(listKeptRuns(labFile)).toEqual(['a', 'b', 'c', 'd'])
  expect(readKeptResult(labFile, 'a')).toMatchObject({ drill: 'stock-hangs', trials: [{ measured: { rtoMs: 900 } }] })
})

it.each(['b', 'c', 'd', 'e'])('nothing is read of %s: cut short, changed, never ended, not there', (run) => {
  expect(readKeptResult(labFile, run)).toBeUndefined()
})

it('a lab on which nothing was run has no runs', () => {
  expect(listKeptRuns({ ...labFile, path: join(folder, 'other.yaml') })).toEqual([])
})
