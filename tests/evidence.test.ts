import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { appendRecord, type ClaimResult, digestOfClaim } from '../src/evidence/index.ts'
import { parseModel } from '../src/model/index.ts'
import { assessmentSchema } from './assessment-schema.ts'

// Evidence as users meet it: the real program on a vault with records that the module itself wrote.

const root = fileURLToPath(new URL('..', import.meta.url))
const GUARD = 'guard:web>shop'
const SYSTEM = `
flows: { buy: { title: Buy, entry: web, objective: { availability: 0.999 } } }
components:
  web: { kind: gateway, title: Web, instances: 2, rollout: rolling, pool: private, health: { ready: /r }, depends-on: { shop: { strength: hard } } }
  shop: { kind: service, title: Shop }
mitigations:
  shop-fallback:
    title: Page from the cache
    state: in-place
    claims: ["${GUARD}", "fallback:web>shop"]
    changes: { web: { depends-on: { shop: { guard: { deadline: 1s, breaker: true }, fallback: { name: cached-page } } } } }
`
let vault = ''
const vaults: string[] = []
afterAll(() => {
  for (const folder of vaults) rmSync(folder, { recursive: true, force: true })
})

beforeEach(() => {
  vault = mkdtempSync(join(tmpdir(), 'linchpin-vault-'))
  vaults.push(vault)
  writeFile('system/shop.yaml', SYSTEM)
  writeFile('drills/shop-hang.yaml', `proves: ["${GUARD}", "fallback:web>shop"]`)
})

function writeFile(name: string, text: string): void {
  mkdirSync(join(vault, name, '..'), { recursive: true })
  writeFileSync(join(vault, name), text)
}

function linchpin(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/linchpin.js'), ...args], {
    cwd: vault,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '' },
  })
  return { status, stdout, stderr, json: () => JSON.parse(stdout) }
}

/** The drill ran so many days ago, with this verdict on both claims. */
async function drilled(daysAgo: number, verdict: ClaimResult['verdict']) {
  const { model } = parseModel([{ file: 'shop.yaml', text: SYSTEM }])
  const claims = [GUARD, 'fallback:web>shop'].map((claim) => ({
    claim,
    part: (model && digestOfClaim(model, claim)) ?? '',
    verdict,
    because: verdict === 'supported' ? 'pages came from the cache' : 'pages failed',
    trials: [{ errors: 0 }],
  }))
  const at = new Date(Date.now() - daysAgo * 86_400_000).toISOString()
  const drill = { name: 'shop-hang', digest: 'a'.repeat(64) }
  const draft = { at, environment: 'lab:embedded', drill, tookMs: 60_000, claims, findings: [] }
  return appendRecord(join(vault, 'evidence'), draft)
}

const row = (stdout: string, title: string) => stdout.split('\n').find((line) => line.startsWith(`  ${title} `)) ?? ''
const flat = (text: string) => text.replaceAll(/\s+/g, ' ')

describe('linchpin assess with evidence', () => {
  it('shows what is not proved as a longer bar, and the drill to run next', () => {
    const { stdout } = linchpin('assess')
    expect(row(stdout, 'Shop')).toContain('▒')
    expect(flat(stdout)).toContain('No drill is recorded: nothing is proved')
    expect(flat(stdout)).toMatch(
      /Next: linchpin drill run shop-hang \(assumed 5 min\): \d+ minutes down a year hang on it/,
    )
    expect(flat(stdout)).toContain('Not drillable here, since no drill tries them: redundancy:web:1-of-2')
  })

  it('shrinks the bar when a drill proved it, and says where', async () => {
    await drilled(1, 'supported')
    const { stdout, stderr } = linchpin('assess')
    expect(stderr).toBe('')
    expect(row(stdout, 'Shop')).not.toContain('▒')
    expect(stdout).toContain('✓ Page from the cache: proved in lab:embedded')
    expect(flat(stdout)).toContain('Nothing is due.')
  })

  it('lets the bar grow again when the evidence expired', async () => {
    await drilled(33, 'supported')
    const { stdout } = linchpin('assess')
    expect(row(stdout, 'Shop')).toContain('▒')
    expect(flat(stdout)).toMatch(/its evidence expired on \d{4}-\d\d-\d\d/)
    expect(flat(stdout)).toContain('drill run shop-hang (about 1 min)')
  })

  it('lets the bar grow again when the model changed', async () => {
    await drilled(1, 'supported')
    writeFile('system/shop.yaml', SYSTEM.replace('deadline: 1s', 'deadline: 2s'))
    const { stdout } = linchpin('assess')
    expect(row(stdout, 'Shop')).toContain('▒')
    expect(flat(stdout)).toContain('what the model says here changed since it was drilled')
  })

  it('lets a later refutation win', async () => {
    await drilled(2, 'supported')
    await drilled(1, 'refuted')
    const { stdout } = linchpin('assess')
    expect(row(stdout, 'Shop')).toContain('▒')
    expect(flat(stdout)).toContain('→ Mend and prove: Page from the cache (guard:web>shop is refuted')
    expect(flat(stdout)).toContain('Nothing is due but what was refuted')
    expect(flat(stdout)).toMatch(/✗ guard:web>shop refuted in lab:embedded on \d{4}-\d\d-\d\d: pages failed/)
  })

  it('states verdict, rung, environment and expiry of every claim as JSON', async () => {
    await drilled(1, 'supported')
    const json = linchpin('assess', '--format', 'json').json()
    expect(assessmentSchema.safeParse(json).error).toBeUndefined()
    const claims = new Map(json.proved.claims.map((claim: { id: string }) => [claim.id, claim]))
    expect(claims.get(GUARD)).toMatchObject({
      verdict: 'supported',
      rung: 'declared',
      unchecked: ['coded', 'wired'],
      environment: 'lab:embedded',
      trials: 1,
    })
    expect(claims.get('fallback:web>shop')).toMatchObject({ rung: 'proved', unchecked: [] })
    expect(claims.get('redundancy:web:1-of-2')).toMatchObject({
      rung: 'declared',
      unchecked: ['proved'],
      expiresAt: null,
    })
    expect(json.evidence).toMatchObject({ records: 1, damaged: 0, due: [{ drill: 'shop-hang', takesMs: 60_000 }] })
  })

  it('counts no edited record, and says so', async () => {
    const { file } = await drilled(1, 'supported')
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('lab:embedded', 'production'))
    const { stdout } = linchpin('assess')
    expect(row(stdout, 'Shop')).toContain('▒')
    expect(flat(stdout)).toContain('1 file of evidence cannot count: see linchpin evidence verify.')
  })
})

describe('linchpin check with evidence', () => {
  it('fails on a refuted claim', async () => {
    await drilled(1, 'refuted')
    const { status, stdout } = linchpin('check')
    expect(status).toBe(1)
    expect(flat(stdout)).toContain('LP013 error: A drill refuted guard:web>shop in lab:embedded: pages failed.')
  })
})

describe('linchpin evidence', () => {
  it('lists records with what they are worth now', async () => {
    await drilled(40, 'supported')
    await drilled(1, 'supported')
    const { status, stdout } = linchpin('evidence', 'list')
    expect(status).toBe(0)
    expect(stdout).toContain(`${GUARD}: supported, expired. pages came from the cache`)
    expect(stdout).toContain(`${GUARD}: supported, counts. pages came from the cache`)
    const { records } = linchpin('evidence', 'list', '--format', 'json').json()
    const standings = records.map((item: { claims: { standing: string }[] }) => item.claims[0]?.standing)
    expect(standings).toEqual(['expired', 'counts'])
  })

  it('lists nothing of a vault without records', () =>
    expect(linchpin('evidence', 'list')).toMatchObject({ status: 0, stdout: 'No drill is recorded.\n' }))

  it('verifies a whole chain, prints its head, and says what that cannot show', async () => {
    const { digest } = await drilled(1, 'supported')
    const { status, stdout } = linchpin('evidence', 'verify')
    expect(status).toBe(0)
    expect(stdout).toMatch(new RegExp(`^1 record, whole\\.\\nhead ${digest}\\n`))
    expect(flat(stdout)).toContain('It cannot show that the newest records are all here')
  })

  it('exits 1 on an edited record, a gap and a lost head', async () => {
    const first = await drilled(3, 'supported')
    await drilled(2, 'supported')
    const third = await drilled(1, 'supported')
    rmSync(third.file)
    expect(linchpin('evidence', 'verify').status).toBe(0)
    const lost = linchpin('evidence', 'verify', '.', '--head', third.digest, '--format', 'json')
    expect(lost.status).toBe(1)
    expect(lost.json().findings).toMatchObject([{ kind: 'lost' }])
    rmSync(first.file)
    const [left = ''] = readdirSync(join(vault, 'evidence'))
    expect(linchpin('evidence', 'verify').stdout).toContain(`gap: ${left} The record names a parent`)
    writeFile(`evidence/${left}`, '{}')
    const listed = linchpin('evidence', 'list')
    expect(listed.status).toBe(1)
    expect(listed.stdout).toContain(`! ${left} is not in format 1`)
  })

  it('refuses what is no digest and no folder', () => {
    expect(linchpin('evidence', 'verify', '.', '--head', 'abc')).toMatchObject({ status: 2, stdout: '' })
    expect(linchpin('evidence', 'verify', 'nowhere')).toMatchObject({ status: 2, stdout: '' })
  })
})
