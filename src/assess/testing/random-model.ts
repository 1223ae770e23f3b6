import fc from 'fast-check'

const DURATIONS = ['10m', '30m', '1h', '3h']

const guard = fc.record(
  {
    deadline: fc.constantFrom('1s', '2s', '5s'),
    breaker: fc.boolean(),
    bulkhead: fc.constantFrom(5, 20),
    retry: fc.record({ attempts: fc.constantFrom(1, 2, 3), idempotent: fc.constant(true) }),
  },
  { requiredKeys: [] },
)

/** A dependency of component `self` on others of `count`, possibly back up: cycles are legal. */
function dependencyOf(self: number, count: number, flows: readonly string[]) {
  const other = fc.integer({ min: 0, max: count - 2 }).map((i) => `c${i >= self ? i + 1 : i}`)
  const shared = {
    strength: fc.constantFrom('hard', 'hard', 'soft', 'unknown'),
    for: fc.subarray([...flows], { minLength: 1 }),
    rate: fc.constantFrom('1/s', '20/s'),
    fallback: fc.record(
      { name: fc.constant('spare'), needs: other.map((name) => [name]), lasts: fc.constantFrom('20m', '2h') },
      { requiredKeys: ['name'] },
    ),
  }
  const optional = { requiredKeys: ['strength'] as 'strength'[] }
  const plain = fc.tuple(other, fc.record({ ...shared, guard }, optional))
  const waiting = fc.tuple(
    other,
    fc.record({ strength: fc.constant('async'), lasts: fc.constantFrom('20m', '2h') }, optional),
  )
  const group = fc.tuple(
    fc.constant('group'),
    fc
      .tuple(
        fc.record(shared, optional),
        fc.uniqueArray(fc.tuple(other, fc.record({ guard }, { requiredKeys: [] })), {
          minLength: 1,
          maxLength: 2,
          selector: ([name]) => name,
        }),
      )
      .map(([dependency, alternatives]) => ({ ...dependency, 'any-of': Object.fromEntries(alternatives) })),
  )
  return fc.oneof({ weight: 5, arbitrary: plain }, { weight: 1, arbitrary: waiting }, { weight: 1, arbitrary: group })
}

function componentOf(self: number, count: number, flows: readonly string[]) {
  const other = fc.integer({ min: 0, max: count - 2 }).map((i) => `c${i >= self ? i + 1 : i}`)
  const failure = fc.constantFrom(...DURATIONS).map((repair) => ({ 'per-year': 900, repair }))
  return fc
    .record(
      {
        kind: fc.constantFrom('service', 'database', 'external', 'job', 'host'),
        instances: fc.constantFrom(1, 1, 1, 2),
        rollout: fc.constantFrom('rolling', 'all-at-once'),
        pool: fc.constantFrom('private', 20, 200),
        health: fc.constant({ ready: '/ready' }),
        failover: fc.record(
          { mode: fc.constantFrom('automatic', 'manual', 'none'), takes: fc.constant('1m'), quorum: other },
          { requiredKeys: ['mode'] },
        ),
        failure: fc.record({ crash: failure, hang: failure }, { requiredKeys: [] }),
        'runs-on': other,
      },
      { requiredKeys: ['kind'] },
    )
    .chain((component) =>
      fc
        .uniqueArray(dependencyOf(self, count, flows), { maxLength: 2, selector: ([name]) => name })
        .map((dependencies) => ({ ...component, 'depends-on': Object.fromEntries(dependencies) })),
    )
}

/** A small platform as the text of a system file (JSON is YAML): up to five components, up to two flows. */
export const randomModel: fc.Arbitrary<string> = fc
  .record({ count: fc.integer({ min: 2, max: 5 }), flowCount: fc.integer({ min: 1, max: 2 }) })
  .chain(({ count, flowCount }) => {
    const flows = Array.from({ length: flowCount }, (_, i) => `f${i}`)
    const entries = fc.tuple(...flows.map(() => fc.integer({ min: 0, max: Math.min(1, count - 1) })))
    const components = fc.tuple(...Array.from({ length: count }, (_, i) => componentOf(i, count, flows)))
    return fc.tuple(entries, components).map(([entry, list]) =>
      JSON.stringify({
        flows: Object.fromEntries(flows.map((flow, i) => [flow, { entry: `c${entry[i]}` }])),
        components: Object.fromEntries(list.map((component, i) => [`c${i}`, component])),
      }),
    )
  })
