import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { assessmentSchema } from './assessment-schema.ts'

// The command line as its users run it: the real program, real files, exit codes and both output streams.

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'linchpin-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function linchpin(args: readonly string[], cwd = root) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/linchpin.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '' },
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status, stdout, stderr }
}

function writeFile(name: string, text: string): string {
  const file = join(folder, name)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
  return file
}

describe('linchpin assess', () => {
  const { status, stdout, stderr } = linchpin(['assess', 'mrg/vault'])

  it('ends well, with nothing on standard error', () => expect({ status, stderr }).toEqual({ status: 0, stderr: '' }))

  it('fits 100 columns and holds no escape code in a pipe', () => {
    expect(Math.max(...stdout.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(100)
    expect(stdout.includes('\u001b')).toBe(false)
  })

  it('shows the three groups, the flows, the key metrics, the evidence and what is assumed, in this order', () => {
    const headings = stdout.split('\n').filter((line) => /^[A-Z ]{5,}$/.test(line))
    expect(headings).toEqual([
      'INFRASTRUCTURE',
      'SERVICES',
      'EXTERNAL DEPENDENCIES',
      'FLOWS',
      'KEY METRICS',
      'EVIDENCE',
      'WHAT TO KNOW',
    ])
  })

  it('computes from structure what the documentation hub stated: 100, 90, 60 and 60 %', () => {
    const json = JSON.parse(linchpin(['assess', 'mrg/vault', '--format', 'json']).stdout)
    const radius = (id: string) => json.was.components.find((item: { id: string }) => item.id === id).blastRadius.down
    const ids = ['postgresql', 'order-orchestrator', 'taxi-partner-gateway', 'bbd']
    expect(ids.map(radius)).toEqual([1, 0.9, 0.6, 0.6])
  })

  it('prints the start and the end of the roadmap with --as', () => {
    const line = (as: string) =>
      linchpin(['assess', 'mrg/vault', '--as', as])
        .stdout.split('\n')
        .find((text) => text.includes('  PostgreSQL  '))
    expect(line('was')).toContain('slow-failover')
    expect(line('target')).toMatch(/ no$/)
  })

  it('writes JSON that keeps its contract', () => {
    const output = linchpin(['assess', 'mrg/vault', '--format', 'json'])
    expect(assessmentSchema.safeParse(JSON.parse(output.stdout)).error).toBeUndefined()
  })

  it('lists deeper cut sets on request', () => {
    const file = writeFile('deep.yaml', 'flows: { f: { entry: a } }\ncomponents: { a: { kind: job, instances: 3 } }')
    const orders = (order: string) =>
      JSON.parse(linchpin(['assess', file, '--order', order, '--format', 'json']).stdout).claimed.flows[0].cutSets.map(
        (set: { order: number }) => set.order,
      )
    expect(orders('2')).toEqual([])
    expect(orders('3')).toEqual([3])
  })
})

describe('a platform that has little to say still gets a sensible report', () => {
  const cases: [string, string, RegExp][] = [
    ['an empty model', 'system: nothing', /0 components, 0 flows[\s\S]*names no flow/],
    ['a component in no flow', 'components: { a: { kind: service } }', /LP006 a is in no flow/],
    [
      'no redundancy',
      'flows: { f: { entry: a } }\ncomponents: { a: { kind: service, depends-on: { b: { strength: hard } } }, b: { kind: database } }',
      /rests alone on b; by assumption on a|rests alone on/,
    ],
  ]
  for (const [name, text, wanted] of cases)
    it(name, () => {
      const { status, stdout } = linchpin(['assess', writeFile('small.yaml', text)])
      expect(status).toBe(0)
      expect(stdout).toMatch(wanted)
    })
})

describe('wrong use gets lines that say what to do, exit code 2, and nothing written', () => {
  const bad = writeFile(
    'bad.yaml',
    'components:\n  a: { kind: servise }\n  b: { kind: service, depends-on: { c: {} } }\n',
  )
  const latin = join(folder, 'latin.yaml')
  writeFileSync(latin, Buffer.from('components: { caf\xe9: { kind: service } }', 'latin1'))
  const large = writeFile('large.yaml', '')
  truncateSync(large, 50_000_000)
  const cases: [string, string[], RegExp][] = [
    ['a file of 50 MB', ['assess', large], /large\.yaml:1:1 The file is 50 MB/],
    ['no such file', ['assess', 'mrg/vaul'], /mrg\/vaul does not exist\. Did you mean "vault"\?/],
    ['no such command', ['asess'], /Did you mean assess\?/],
    ['no such option', ['assess', '--ass', 'was'], /unknown option '--ass'/],
    ['no such state', ['assess', 'mrg/vault', '--as', 'now'], /Allowed choices are was, claimed, proved, target/],
    ['a silly order', ['assess', 'mrg/vault', '--order', '99'], /Give a number from 1 to 6/],
    [
      'mistakes in a file',
      ['assess', bad],
      /bad\.yaml:2:8 "servise"[\s\S]*bad\.yaml:3:37 dependency "c"[\s\S]*2 problems/,
    ],
    ['another encoding', ['assess', latin], /latin\.yaml:1:1 The file is not UTF-8 text/],
    [
      'no such component',
      ['explain', 'postgres', 'mrg/vault'],
      /no component "postgres"\. Did you mean "postgresql"\?/,
    ],
    ['nothing to compare', ['what-if', 'mrg/vault'], /Give --fail, --guard or --apply/],
    ['no such mitigation', ['what-if', 'mrg/vault', '--apply', 'bbd-braker'], /Did you mean "bbd-breaker"\?/],
    [
      'no such policy',
      ['what-if', 'mrg/vault', '--guard', 'order-orchestrator>user-service dedline=2s'],
      /"dedline=2s" is not a policy/,
    ],
    [
      'a guard without unit',
      ['what-if', 'mrg/vault', '--guard', 'order-orchestrator>user-service deadline=2'],
      /must be a duration with its unit/,
    ],
    [
      'no such dependency',
      ['what-if', 'mrg/vault', '--guard', 'order-orchestrator>kafka breaker'],
      /has no dependency on "kafka"/,
    ],
    ['no such mode', ['what-if', 'mrg/vault', '--fail', 'redis:explode'], /"explode" is not a failure mode/],
    [
      'no such reference',
      ['check', 'mrg/vault', '--base', 'no-such-branch'],
      /git knows no reference "no-such-branch"/,
    ],
    ['a reference that is an option', ['check', 'mrg/vault', '--base=--help'], /is not a git reference/],
  ]
  for (const [name, args, wanted] of cases)
    it(name, () => {
      const { status, stdout, stderr } = linchpin(args)
      expect(stderr).toMatch(wanted)
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    })
})

describe('linchpin explain', () => {
  it('says why, how the failure travels, what falls, and what would change it', () => {
    const { status, stdout } = linchpin(['explain', 'payment-gateway-forwarder', 'mrg/vault'])
    expect(status).toBe(0)
    expect(stdout).toContain('hang (by assumption): when Payment Gateway Forwarder accepts calls and never answers')
    expect(stdout).toContain(
      '    API Gateway needs (hard, unguarded) Order Orchestrator\n    Order Orchestrator needs (hard, unguarded) Payment Processor\n',
    )
    expect(stdout).toContain('When all of Payment Gateway Forwarder has crashed, 90 % of business is down')
    expect(stdout).toMatch(/Guards on the rest of the landscape \(--apply remaining-guards, sprint 3-4\): SPOF hang/)
  })
})

describe('linchpin what-if', () => {
  it('shows a failure and the figures before and after', () => {
    const args = ['what-if', 'mrg/vault', '--fail', 'postgresql', '--apply', 'order-detail-split']
    const { status, stdout } = linchpin(args)
    expect(status).toBe(0)
    expect(stdout).toMatch(/Look at past orders +3 % +down +degraded/)
    expect(stdout).toMatch(/business down +100 % +97 %/)
  })

  it('takes guards that the model does not have', () => {
    const guard = 'legacy-gateway>legacy-order-processing deadline=1s breaker bulkhead=10'
    const args = ['what-if', 'mrg/vault', '--guard', guard, '--format', 'json']
    const result = JSON.parse(linchpin(args).stdout)
    const { minutesDownPerYear } = result.flows.find((flow: { id: string }) => flow.id === 'book-rental')
    expect(minutesDownPerYear.after).toBeLessThan(minutesDownPerYear.before)
  })
})

describe('linchpin check --base', () => {
  const repository = join(folder, 'repository')
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: repository,
      encoding: 'utf8',
    })
  const model = (shop: string, extra = '') => `flows: { f: { entry: web } }
components:
  web: { kind: gateway, instances: 2, rollout: rolling, pool: private, health: { ready: /r }, depends-on: { shop: { strength: hard, guard: { deadline: 1s, breaker: true } } } }
  shop: { kind: service, ${shop} }
${extra}`
  const redundant = 'instances: 2, rollout: rolling, health: { ready: /r }'
  mkdirSync(join(repository, 'system'), { recursive: true })
  writeFileSync(join(repository, 'system/all.yaml'), model(redundant))
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('commit', '-q', '-m', 'base')
  const check = (text: string, ...args: string[]) => {
    writeFileSync(join(repository, 'system/all.yaml'), text)
    return linchpin(['check', '.', '--base', 'main', ...args], repository)
  }

  it('passes when nothing got worse', () => {
    expect(check(model(redundant))).toMatchObject({ status: 0, stdout: 'Nothing fails the check.\n' })
  })

  it('fails on a new single point of failure and says what changed', () => {
    const { status, stdout } = check(model('rollout: rolling'))
    expect(status).toBe(1)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'LP010 error: New single point of failure: shop alone takes down f (single, hang). Because: instances of shop changed from 2 to 1',
    )
  })

  it('fails on a link of a page that leads nowhere', () => {
    const page = join(repository, 'README.md')
    writeFileSync(page, '# Shop\n\nSee [[Nowhere]].\n')
    const { status, stdout } = check(model(redundant))
    rmSync(page)
    expect(status).toBe(1)
    expect(stdout).toContain('LP030 error: README.md:3:5')
  })

  it('fails on a P0 without a runbook', () => {
    const { status, stdout } = check(model(`${redundant}, tier: P0`))
    expect(status).toBe(1)
    expect(stdout).toContain('LP005')
  })

  it('a waiver holds a finding back until its day', () => {
    const waiver = (until: string) => `waivers: [{ finding: LP010, at: shop, reason: moving house, until: "${until}" }]`
    expect(check(model('rollout: rolling', waiver('2999-01-01'))).status).toBe(0)
    const expired = check(model('rollout: rolling', waiver('2020-01-01')))
    expect(expired.status).toBe(1)
    expect(expired.stdout).toContain('LP020')
  })

  it('leaves the repository as it was', () => {
    expect(git('status', '--porcelain').stdout.trim()).toBe('M system/all.yaml')
    expect(git('worktree', 'list').stdout.trim().split('\n')).toHaveLength(1)
  })
})

describe('linchpin drill pairs', () => {
  it('says which pairs it would try, in turns one that takes a flow down and one that does not', () => {
    const { status, stdout } = linchpin([
      'drill',
      'pairs',
      'two-at-once',
      '--vault',
      'mrg/vault',
      '--count',
      '4',
      '--dry-run',
    ])
    expect(status).toBe(0)
    const endings = stdout
      .trim()
      .split('\n')
      .map((line) => /no flow down|down$/.exec(line)?.[0])
    expect(endings).toEqual(['down', 'no flow down', 'down', 'no flow down'])
  })

  it.each([
    [
      'a drill that cannot be told what to break',
      ['bbd-outage'],
      /has no parameter first, first-fault, second, second-fault/,
    ],
    ['a count that is none', ['two-at-once', '--count', 'many'], /"many" is not a number from 1 to 999/],
  ])('refuses %s', (_, words, message) => {
    const { status, stderr } = linchpin(['drill', 'pairs', ...words, '--vault', 'mrg/vault', '--dry-run'])
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)])
  })
})

describe('linchpin init', () => {
  const place = join(folder, 'init')
  mkdirSync(place)

  it('writes a first model that reads without a problem', () => {
    expect(linchpin(['init'], place)).toMatchObject({ status: 0 })
    expect(linchpin(['assess'], place)).toMatchObject({ status: 0, stderr: '' })
  })

  it('never overwrites', () => {
    const before = readFileSync(join(place, 'system.yaml'), 'utf8')
    expect(linchpin(['init'], place).status).toBe(2)
    expect(readFileSync(join(place, 'system.yaml'), 'utf8')).toBe(before)
  })
})

describe('the published schemas', () => {
  it('of system files is what linchpin schema prints', () => {
    const file = readFileSync(join(root, 'docs/reference/system.schema.json'), 'utf8')
    expect(JSON.parse(linchpin(['schema']).stdout)).toEqual(JSON.parse(file))
  })
})

describe('the published schema of the assessment', () => {
  it('is the one that its output is checked against (vitest -u rewrites it)', async () => {
    const text = `${JSON.stringify(z.toJSONSchema(assessmentSchema), undefined, 2)}\n`
    await expect(text).toMatchFileSnapshot('../docs/reference/assessment.schema.json')
  })
})

describe('the set-up', () => {
  it('says what to run when nothing is built', () => {
    const place = join(folder, 'unbuilt')
    mkdirSync(place)
    cpSync(join(root, 'bin'), join(place, 'bin'), { recursive: true })
    writeFileSync(join(place, 'package.json'), '{ "type": "module" }')
    const { status, stderr } = spawnSync(process.execPath, [join(place, 'bin/linchpin.js'), 'assess'], {
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'linchpin is not set up yet. Run: npm start\n' })
    expect(readdirSync(place).sort()).toEqual(['bin', 'package.json'])
  })
})
