import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { readRecords, verifyRecords } from '../src/evidence/index.ts'

// Real processes that write records and are killed while they do. They run the built door of the module.

const ROUNDS = 5
const WRITERS = 2
const door = pathToFileURL(join(import.meta.dirname, '../dist/evidence/index.js')).href
const root = mkdtempSync(join(tmpdir(), 'linchpin-crash-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Writes without end, and says the digest of each record once it is on the disk. */
const WRITER = `
const { appendRecord } = await import(${JSON.stringify(door)})
const [folder, name] = process.argv.slice(1)
const trials = Array.from({ length: 300 }, (_, i) => ({ rtoMs: i }))
for (let i = 0; ; i++) {
  const at = new Date(1.7e12 + i).toISOString()
  const claims = [{ claim: 'runbook:R', part: 'b'.repeat(64), verdict: 'supported', because: 'it did', trials }]
  const drill = { name, digest: 'a'.repeat(64) }
  const { digest } = await appendRecord(folder, { at, environment: 'lab', drill, claims, findings: [] })
  process.stdout.write(digest + '\\n')
}`

function startWriter(folder: string, name: string): { child: ChildProcess; acknowledged: () => string[] } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, folder, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  return { child, acknowledged: () => text.split('\n').slice(0, -1) }
}

/** Kills each writer with SIGKILL after it has acknowledged a few records more: at whatever it does then. */
async function killAfter(count: number, { child, acknowledged }: ReturnType<typeof startWriter>): Promise<string[]> {
  while (acknowledged().length < count && child.stdout) await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
  return acknowledged()
}

describe('writers killed with SIGKILL', () => {
  it('leave whole records only, and every one that they acknowledged', async () => {
    const folder = join(root, 'evidence')
    const acknowledged: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const writers = Array.from({ length: WRITERS }, (_, i) => startWriter(folder, `writer-${round}-${i}`))
      const digests = await Promise.all(writers.map((writer, i) => killAfter(1 + ((round + i) % 4), writer)))
      acknowledged.push(...digests.flat())
    }
    expect(verifyRecords(folder).findings).toEqual([])
    const kept = new Set(readRecords(folder).records.map(({ digest }) => digest))
    expect(acknowledged.filter((digest) => !kept.has(digest))).toEqual([])
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * WRITERS)
  })
})
