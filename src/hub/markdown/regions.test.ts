import { describe, expect, it } from 'vitest'
import { assess } from '../../assess/index.ts'
import { type Judgement, type Proof, weighEvidence } from '../../evidence/index.ts'
import { parseModel } from '../../model/index.ts'
import { editRegions, readPage } from '../../vault/index.ts'
import { createRegionWriters, REGIONS, type RegionSources } from '../index.ts'

const NOW = new Date('2026-03-01T10:20:30Z')

function sourcesOf(
  text: string,
  { supported = [], at = NOW }: { supported?: readonly string[]; at?: Date } = {},
): RegionSources {
  const { model, problems } = parseModel([{ file: 'v/system/m.yaml', text }])
  if (!model) throw new Error(problems[0]?.message)
  const evidence = { records: [], damaged: [] }
  const proof = support(weighEvidence({ model, evidence, drills: [], asOf: at }), supported)
  const assessment = assess(model, proof.support)
  return { assessment, proof, evidence, page: 'index.md', pages: ['index.md', 'a/b.md'], root: 'v' }
}

/** As if drills had supported these claims. */
function support(proof: Proof, claims: readonly string[]): Proof {
  const proved = {
    verdict: 'supported',
    environment: 'lab:test',
    expiresAt: '2026-03-31T00:00:00Z',
    trials: 1,
  } as const
  const judgements = new Map(
    [...proof.judgements].map(([id, item]): [string, Judgement] => [
      id,
      claims.includes(id) ? { ...item, ...proved } : item,
    ]),
  )
  return { ...proof, judgements, support: { ...proof.support, supported: new Set(claims) } }
}

const region = (name: string, sources: RegionSources) => REGIONS[name]?.write(sources) ?? ''

const SHOP = `
flows: { buy: { title: Buy, entry: shop, objective: { availability: 0.99, rto: 1m } } }
components:
  shop: { kind: service, tier: P0, instances: 2, rollout: rolling, pool: private, health: { live: /l, ready: /r }, depends-on: { bank: { strength: hard }, mail: { strength: soft } } }
  bank: { title: The bank, kind: external, runbook: "[[RUNBOOK-Bank|Bank]]" }
  mail: { kind: external }
mitigations:
  queue:
    title: Charge later
    priority: P0
    sprint: 1
    effort: 3d
    state: in-place
    claims: ["fallback:shop>bank", "guard:shop>bank"]
    changes: { shop: { depends-on: { bank: { guard: { deadline: 1s, breaker: { open-for: 30s, probes: 3 } }, fallback: { name: later } } } } }
  wish: { title: A second bank, priority: P1, sprint: Q2 2026 }
  done: { title: Said to be done, sprint: 1, state: in-place }
`
const CLAIMS = ['fallback:shop>bank', 'guard:shop>bank']

describe('the roadmap', () => {
  it('ticks what every claim of it is supported for, and says until when', () => {
    expect(region('roadmap', sourcesOf(SHOP, { supported: CLAIMS }))).toContain(
      '- [x] P0 · **Charge later** (3 d): proved in lab:test until 2026-03-31',
    )
  })

  it('shows what is in place without a record as unproved, and what is planned as planned', () => {
    const text = region('roadmap', sourcesOf(SHOP, { supported: ['guard:shop>bank'] }))
    expect(text).toContain('- [ ] P0 · **Charge later** (3 d): in place, *unproved*: `fallback:shop>bank` is unknown')
    expect(text).toContain('- [ ] **Said to be done**: in place, *unproved*: it claims nothing that a drill could show')
    expect(text).toContain('### Q2 2026\n\n- [ ] P1 · **A second bank**: planned')
    expect(text).toContain('3 items: 0 proved, 2 in place but *unproved*, 1 open.')
  })
})

describe('the dashboard', () => {
  const rowOf = (sources: RegionSources) =>
    region('dashboard', sources)
      .split('\n')
      .find((line) => line.includes('The bank'))

  it('shades what comes back as long as nothing is proved, and calls it unproved', () => {
    expect(rowOf(sourcesOf(SHOP))).toMatch(/│ {3}The bank +\[▒+░*\] +0→[\d.]+ % {2}unproved /)
  })

  it('is empty and proved once a drill has shown it', () => {
    expect(rowOf(sourcesOf(SHOP, { supported: CLAIMS }))).toMatch(
      /\[░{10}\] +0 % {2}proved +Charge later: proved in lab:test/,
    )
  })

  it('is a box: every line has the same width', () => {
    const lines = region('dashboard', sourcesOf(SHOP)).split('```')[1]?.trim().split('\n').slice(1) ?? []
    expect(new Set(lines.map((line) => [...line].length)).size).toBe(1)
  })
})

it('coverage says how far each guard has come, and never that nobody looked is a pass', () => {
  expect(region('coverage', sourcesOf(SHOP, { supported: CLAIMS }))).toContain(
    '| `shop>bank` | deadline 1 s, breaker | yes | unchecked | unchecked | yes, in lab:test until 2026-03-31 |',
  )
  expect(region('coverage', sourcesOf(SHOP))).toContain('| yes | unchecked | unchecked | no |')
})

it('what was measured is shown with what so few trials can show', () => {
  const sources = sourcesOf(SHOP, { supported: CLAIMS })
  expect(region('measured', sources)).toBe('No drill has measured an interruption yet.')
  const claim = sources.proof.judgements.get('guard:shop>bank')
  if (!claim) throw new Error('no such claim')
  const spread = { rtoMs: { min: 1_000, median: 2_000, max: 5_000 }, lost: { min: 0, median: 0, max: 0 } }
  const judgements = new Map([['guard:shop>bank', { ...claim, spread, trials: 3, lossAtMost: 0.63 }]])
  expect(region('measured', { ...sources, proof: { ...sources.proof, judgements } })).toContain(
    '| `guard:shop>bank` | 1 s, 2 s, 5 s | 0 | 63 % | 3 | lab:test |',
  )
})

it('the settings of a guard are those that the model states', () => {
  expect(region('guards', sourcesOf(SHOP))).toContain('| `shop>bank` | 1s | – | – | – | – | – | 30s | 3 |')
})

it('the graph draws hard calls solid and soft ones dotted', () => {
  const text = region('dependency-graph', sourcesOf(SHOP))
  expect(text).toContain('n0["shop"]\n')
  expect(text).toContain('n1[/"The bank"/]')
  expect(text).toContain('  n0 --> n1\n  n0 -.-> n2')
})

it('a runbook is a link whose bar does not end its cell', () => {
  expect(region('runbooks', sourcesOf(SHOP))).toContain('| [[RUNBOOK-Bank\\|Bank]] | – | 100 % | The bank | unknown |')
  expect(region('health-checks', sourcesOf(SHOP))).toContain('| shop | service | P0 | 1 of 2 | `/l` | `/r` | – |')
})

it('the tree of pages marks the one it stands in', () => {
  expect(region('structure', sourcesOf(SHOP))).toBe(
    '```text\n/\n├── a/\n│   └── b.md\n└── index.md  ← you are here\n```',
  )
})

it('every region can be written for the smallest model, and none says NaN', () => {
  const sources = sourcesOf('flows: { f: { entry: a } }\ncomponents: { a: { kind: service } }')
  for (const [name, { write }] of Object.entries(REGIONS))
    expect(write(sources), name).not.toMatch(/NaN|undefined|Infinity/)
})

it('titles of a model cannot break out of a table, a region or a diagram', () => {
  const title = '"| <!-- /linchpin --> `x` <script> [[a]]\\n```'
  const sources = sourcesOf(`
flows: { f: { title: ${JSON.stringify(title)}, entry: a, objective: { availability: 0.9 } } }
components: { a: { title: ${JSON.stringify(title)}, kind: database, failover: { mode: manual, loses: 1m }, runbook: ${JSON.stringify(title)} } }
mitigations: { m: { title: ${JSON.stringify(title)} } }`)
  const writers = createRegionWriters({ sourcesAt: () => sources, now: NOW, newestRecord: undefined, mode: 'sync' })
  const names = Object.keys(REGIONS)
  const text = names.map((name) => `<!-- linchpin:${name} -->\n<!-- /linchpin -->\n\n## After ${name}\n`).join('\n')
  const { text: once, problems } = editRegions(readPage('p.md', text), writers)
  const page = readPage('p.md', once)
  expect(problems).toEqual([])
  expect(page.headings.filter((heading) => heading.text.startsWith('After')).length).toBe(names.length)
  expect(page.links).toEqual([])
  expect(once.replace(/```[\s\S]*?\n```/g, '')).not.toContain('<script>')
  expect(editRegions(page, writers)).toMatchObject({ text: once, changed: [], problems: [] })
})

describe('the moment of a region', () => {
  const page = (body: string) => `<!-- linchpin:roadmap -->\n${body}<!-- /linchpin -->\n`
  /** Proved until the end of March: a drill supports the claims before that, and nothing does later. */
  const sourcesAt = (moment: Date) =>
    sourcesOf(SHOP, { supported: moment < new Date('2026-03-31') ? CLAIMS : [], at: moment })
  const write = (text: string, mode: 'sync' | 'check', now: string, newestRecord?: string) =>
    editRegions(
      readPage('p.md', text),
      createRegionWriters({
        sourcesAt,
        now: new Date(now),
        newestRecord: newestRecord === undefined ? undefined : new Date(newestRecord),
        mode,
      }),
    ).text

  const written = write(page(''), 'sync', '2026-03-01T10:20:30Z')

  it('stands below what was judged then', () => expect(written).toContain('\n\n*As of 2026-03-01 10:20 UTC.*\n\n'))

  it('stays while syncing later says the same', () => {
    expect(write(written, 'sync', '2026-03-02T00:00:00Z')).toBe(written)
  })

  it('is where a check judges: evidence that expires does not fail an untouched page, but the next sync tells', () => {
    expect(write(written, 'check', '2026-05-01T00:00:00Z')).toBe(written)
    expect(write(written, 'sync', '2026-05-01T00:00:00Z')).toContain('0 proved, 2 in place but *unproved*')
  })

  it('is never before the newest record: a record that changes something makes a page out of date', () => {
    expect(write(written, 'check', '2026-05-01T00:00:00Z', '2026-03-31T12:00:00Z')).not.toBe(written)
    expect(write(written, 'check', '2026-05-01T00:00:00Z', '2026-03-20T12:00:00Z')).toBe(written)
  })

  it('that was edited away is out of date', () => {
    const edited = written.replace('*As of 2026-03-01 10:20 UTC.*', '*As of whenever.*')
    expect(write(edited, 'check', '2026-03-01T10:21:00Z')).not.toBe(edited)
  })
})
