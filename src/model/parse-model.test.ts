import { describe, expect, it } from 'vitest'
import { formatProblem } from '../source/index.ts'
import { applyMitigations, parseModel, type SystemModel, stateClaims } from './index.ts'

function parse(text: string): SystemModel {
  const { model, problems } = parseModel([{ file: 'm.yaml', text }])
  if (!model) throw new Error(problems.map(formatProblem).join('\n'))
  return model
}

const complaints = (...texts: string[]) =>
  parseModel(texts.map((text, i) => ({ file: `${i + 1}.yaml`, text }))).problems.map(formatProblem)

describe('a mistake in a system file says where, what and what to do', () => {
  const cases: [string, string, string][] = [
    [
      'an unknown dependency',
      'components:\n  a: { kind: service, depends-on: { pricng: {} } }\n  pricing: { kind: service }',
      '1.yaml:2:37 dependency "pricng" is not a component. Did you mean "pricing"? Fix the name or declare it under components.',
    ],
    [
      'an unknown key',
      'components:\n  a: { kind: service, instnces: 2 }',
      '1.yaml:2:23 "instnces" is not a key here. Did you mean "instances"? Correct or remove it.',
    ],
    [
      'an unknown kind',
      'components:\n  a: { kind: servise }',
      '1.yaml:2:8 "servise" is not a kind. Did you mean "service"? Use one of gateway, service, database, cache, queue, external, job, credential, config, host, zone, network.',
    ],
    [
      'a missing kind',
      'components:\n  a: { tier: P0 }',
      '1.yaml:2:3 "kind" is missing in "a". Add one of gateway, service, database, cache, queue, external, job, credential, config, host, zone, network.',
    ],
    [
      'a duration without unit',
      'components:\n  a: { kind: service, objective: { rto: 30 } }',
      '1.yaml:2:36 "rto" must be a duration with its unit, such as "30s", "5m", "4h" or "250ms". Correct it.',
    ],
    [
      'a wrong pool',
      'components:\n  a: { kind: service, pool: many }',
      '1.yaml:2:23 "pool" must be a whole number, or must be "private". Correct it.',
    ],
    [
      'needs above instances',
      'components:\n  a: { kind: service, instances: 2, needs: 3 }',
      '1.yaml:2:37 "a" needs 3 of 2 instances. Lower needs or add instances.',
    ],
    [
      'a dependency on itself',
      'components:\n  a: { kind: service, depends-on: { a: {} } }',
      '1.yaml:2:37 "a" depends on itself. Remove the dependency.',
    ],
    [
      'shares that do not sum to 1',
      'flows:\n  x: { share: 0.5, entry: a }\n  y: { share: 0.4, entry: a }\ncomponents: { a: { kind: service } }',
      '1.yaml:1:1 The shares of the flows sum to 0.9, not 1. Correct them.',
    ],
    [
      'a share that is missing',
      'flows:\n  x: { share: 0.5, entry: a }\n  y: { entry: a }\ncomponents: { a: { kind: service } }',
      '1.yaml:3:3 "y" has no share, but other flows do. Add its share.',
    ],
    [
      'an unknown entry',
      'flows:\n  x: { entry: b }\ncomponents: { a1: { kind: service } }',
      '1.yaml:2:8 "b" is not a component. Fix the name or declare it under components.',
    ],
    [
      'an unknown flow',
      'flows:\n  buy: { entry: a }\ncomponents:\n  a: { kind: service, depends-on: { b: { for: [byu] } } }\n  b: { kind: service }',
      '1.yaml:4:42 "byu" is not a flow. Did you mean "buy"? Fix the name or declare it under flows.',
    ],
    [
      'a name with spaces',
      'components:\n  "my db": { kind: database }',
      '1.yaml:2:3 "my db" must be a name of letters, digits, "-", "_" and ".". Rename it.',
    ],
    [
      'an unknown metric',
      'components: { a: { kind: service } }\ntargets:\n  t: { metric: recovery.rtt(a), target: 5m }',
      '1.yaml:3:8 "recovery.rtt(a)" is not a metric. Use one of recovery.rto(NAME), recovery.rpo(NAME), coverage.breaker, coverage.fallback.',
    ],
    [
      'a guard on a group',
      'components:\n  a: { kind: service, depends-on: { g: { any-of: { b: {} }, guard: { deadline: 1s } } } }\n  b: { kind: service }',
      '1.yaml:2:61 "g" is a group: give each of its alternatives its own guard.',
    ],
    [
      'a claim nobody implies',
      'components: { a: { kind: service } }\nmitigations:\n  m: { title: M, claims: ["failover:a"] }',
      '1.yaml:3:18 The model implies no claim "failover:a". Fix it, or let changes state it.',
    ],
    [
      'a change of nothing',
      'components: { abc: { kind: service } }\nmitigations:\n  m: { title: M, changes: { abd: { instances: 2 } } }',
      '1.yaml:3:29 "abd" is not a component. Did you mean "abc"? Fix the name, or give its kind to add it.',
    ],
    [
      'a mistake inside changes',
      'components: { abc: { kind: service } }\nmitigations:\n  m: { title: M, changes: { abc: { needs: 4 } } }',
      '1.yaml:3:36 "abc" needs 4 of 1 instances. Lower needs or add instances.',
    ],
    [
      'another kind of file',
      'name: x\nversion: 3',
      '1.yaml:1:1 This is not a system file, a compose file or a Kubernetes manifest. See linchpin init for a first system file.',
    ],
  ]
  for (const [name, text, wanted] of cases) it(name, () => expect(complaints(text)).toEqual([wanted]))

  it('all of them are reported at once, in reading order', () => {
    const found = complaints(
      'flows:\n  x: { share: 2, entry: nowhere }\ncomponents:\n  a: { kind: servise, depends-on: { b: {} } }\n  a: { kind: service }',
    )
    expect(found.map((line) => line.slice(0, 10))).toEqual([
      '1.yaml:2:8',
      '1.yaml:2:1',
      '1.yaml:4:8',
      '1.yaml:4:3',
      '1.yaml:5:3',
    ])
  })

  it('a name declared in two files names both', () => {
    expect(complaints('components: { a: { kind: service } }', 'components:\n  a: { kind: cache }')).toEqual([
      '2.yaml:2:3 "a" is declared twice under components; first at 1.yaml:1. Keep one.',
    ])
  })
})

describe('a model', () => {
  it('may be empty', () => expect(parse('system: nothing').components).toEqual([]))

  it('takes stated failure figures, and assumed ones of the kind for the rest', () => {
    const [a] = parse(
      'components: { a: { kind: service, failure: { crash: { per-year: 4, repair: 20m, source: ours } } } }',
    ).components
    expect(a?.failures.crash).toEqual({ perYear: 4, repairMs: 1_200_000, source: 'ours' })
    expect(a?.failures.hang?.source).toBeUndefined()
    expect(a?.failures.hang?.perYear).toBeGreaterThan(0)
  })

  it('shares business evenly when no flow states its share', () => {
    const { flows } = parse('flows: { x: { entry: a }, y: { entry: a } }\ncomponents: { a: { kind: service } }')
    expect(flows.map(({ share }) => share)).toEqual([0.5, 0.5])
  })

  it('of several files is the same in any order', () => {
    const files = ['flows: { x: { entry: a } }', 'components: { a: { kind: service } }'].map((text, i) => ({
      file: `${i}.yaml`,
      text,
    }))
    const [one, two] = [parseModel(files).model, parseModel([...files].reverse()).model]
    expect(two?.components).toEqual(one?.components)
    expect(two?.flows).toEqual(one?.flows)
  })
})

describe('mitigations', () => {
  const text = `
components:
  db: { kind: database, instances: 2, failover: { mode: manual, loses: 1m } }
  shop: { kind: service, depends-on: { db: { strength: hard }, old: { strength: hard } } }
  old: { kind: service }
mitigations:
  ha: { title: HA, changes: { db: { failover: { mode: automatic, takes: 30s, quorum: etcd } }, etcd: { kind: database, instances: 3, needs: 2 } } }
  drop: { title: Drop, changes: { shop: { depends-on: { old: null } } } }
`
  it('merge into the components, keep what they do not name, and add what is new', () => {
    const { model } = applyMitigations(parse(text), ['ha'])
    const db = model.components.find(({ id }) => id === 'db')
    expect(db?.failover).toEqual({ mode: 'automatic', takesMs: 30_000, losesMs: 60_000, quorum: 'etcd' })
    expect(model.components.map(({ id }) => id)).toContain('etcd')
  })

  it('remove with null', () => {
    const { model } = applyMitigations(parse(text), ['drop'])
    expect(model.components.find(({ id }) => id === 'shop')?.dependencies.map(({ name }) => name)).toEqual(['db'])
  })

  it('leave the model they start from alone', () => {
    const model = parse(text)
    applyMitigations(model, ['ha', 'drop'])
    expect(model).toEqual(parse(text))
  })

  it('that the model does not have are refused', () => {
    expect(() => applyMitigations(parse(text), ['nope'])).toThrow(RangeError)
  })
})

describe('claims', () => {
  it('say everything the model says that a drill could refute', () => {
    const model = parse(`
components:
  db: { kind: database, instances: 3, failover: { mode: automatic, loses: 0s }, runbook: "[[02/RUNBOOK-Db|the runbook]]" }
  shop:
    kind: service
    instances: 3
    needs: 2
    rollout: rolling
    depends-on:
      db: { strength: hard, guard: { deadline: 1s }, fallback: { name: cache } }
      log: { strength: soft }
      queue: { strength: async }
      pay: { any-of: { left: { guard: { deadline: 1s } }, right: {} } }
  log: { kind: service }
  queue: { kind: queue }
  left: { kind: external }
  right: { kind: external }
`)
    expect(stateClaims(model).map(({ id }) => id)).toEqual([
      'failover:db',
      'rpo:db',
      'restore:db',
      'runbook:RUNBOOK-Db',
      'redundancy:shop:2-of-3',
      'rollout:shop',
      'guard:shop>db',
      'fallback:shop>db',
      'soft:shop>log',
      'async:shop>queue',
      'guard:shop>left',
      'any-of:shop>pay',
    ])
  })
})
