import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GuardEvent } from '../events.ts'
import { GuardConfigError } from '../settings/guard-config-error.ts'
import type { GuardSettings } from '../settings/guard-settings.ts'
import { createTestRegistry, fail, hang, outcomeOf, succeed } from '../testing/calls.ts'
import { guard, registry as processRegistry } from './registry.ts'

describe('a registry', () => {
  test('gives the same guard for the same name and settings', () => {
    const { registry } = createTestRegistry()
    const fallback = () => 'other'
    const first = registry.guard('a>b', { deadline: '60s', fallback })
    expect(registry.guard('a>b', { deadline: '1m', fallback })).toBe(first)
    expect(registry.get('a>b')).toBe(first)
    expect(registry.get('a>c')).toBeUndefined()
    expect([...registry]).toEqual([first])
  })

  test.each([
    ['deadline', { deadline: '2s' }],
    ['breaker.window', { breaker: { window: '60s' } }, { breaker: { window: '30s' } }],
    ['retry', { idempotent: true, retry: {} }, { idempotent: true }],
    ['fallback', { fallback: () => 1 }, { fallback: () => 1 }],
    ['judge.error', { judge: { error: () => 'ignore' as const } }, { judge: { error: () => 'ignore' as const } }],
    ['judge.result', { judge: { result: () => 'ignore' as const } }, { judge: { result: () => 'ignore' as const } }],
    ['cache.mark', { idempotent: true, cache: { mark: () => 1 } }, { idempotent: true, cache: { mark: () => 1 } }],
  ] as [string, GuardSettings<unknown, unknown>, GuardSettings<unknown, unknown>?][])(
    'refuses a name that has another %s already',
    (setting, settings, before = {}) => {
      const { registry } = createTestRegistry()
      registry.guard('a>b', before)
      const error = thrownBy(() => registry.guard('a>b', settings))
      expect(error).toMatchObject({ name: 'GuardConfigError', dependency: 'a>b', setting })
    },
  )

  test('of the process is behind `guard`', () => {
    expect(guard('registry.test>process', { deadline: '1s' })).toBe(processRegistry.get('registry.test>process'))
  })

  test('guards do not share state through a shared settings object, and later changes to it do nothing', async () => {
    const { registry } = createTestRegistry()
    const settings = { breaker: { consecutiveFailures: 1 }, idempotent: true, cache: {} }
    const [users, orders] = [registry.guard('a>users', settings), registry.guard('a>orders', settings)]
    await users.run(() => ({ user: 1 }), { key: '1' })
    await outcomeOf(users.run(fail))
    settings.breaker.consecutiveFailures = 99
    expect(users.breaker?.state).toBe('open')
    expect(orders.breaker?.state).toBe('closed')
    expect(await outcomeOf(orders.run(fail, { key: '1' }))).toBe('down')
    expect(orders.breaker?.state).toBe('open')
  })
})

describe('describe', () => {
  test('proves how a guard is wired: dependency, policies outermost first, settings, state, counters', async () => {
    const { registry } = createTestRegistry()
    const guard = registry.guard('orders>users', {
      deadline: '2s',
      overall: '5s',
      idempotent: true,
      retry: { attempts: 2 },
      breaker: { window: 20, consecutiveFailures: 5, slowCall: '1s' },
      bulkhead: { concurrent: 10, queue: 5 },
      cache: {},
      fallback: function lastResort() {
        return 'none'
      },
      judge: { error: () => 'failure' },
    })
    await guard.run(succeed)
    void guard.run(hang)
    expect(JSON.parse(JSON.stringify(registry.describe()))).toEqual({
      guards: [
        {
          dependency: 'orders>users',
          policies: ['fallback', 'cache', 'retry', 'breaker', 'bulkhead', 'deadline'],
          settings: {
            deadline: '2s',
            overall: '5s',
            idempotent: true,
            retry: { attempts: 2, firstDelay: '100ms', delayMax: '10s', budget: 0.1 },
            breaker: {
              window: 20,
              forgetAfter: '5m',
              minimumCalls: 10,
              consecutiveFailures: 5,
              slowCall: '1s',
              slowRate: 0.8,
              openFor: '30s',
              probes: 3,
              maxHalfOpen: '30s',
              mode: 'normal',
            },
            bulkhead: { concurrent: 10, queue: 5, queueFor: '2s' },
            cache: { fresh: '5m', stale: '1h', entries: 1000, mark: 'stale' },
            fallback: ['lastResort'],
            judge: { error: 'error' },
          },
          state: {
            inFlight: 1,
            breaker: {
              state: 'closed',
              mode: 'normal',
              window: { total: 1, failed: 0, slow: 0, consecutiveFailures: 0 },
            },
            bulkhead: { running: 1, queued: 0 },
            cache: { entries: 0 },
          },
          counters: {
            success: 1,
            failure: 0,
            ignored: 0,
            rejected: 0,
            limited: 0,
            transitions: 0,
            deadlines: 0,
            retries: 0,
            retriesDenied: 0,
            bulkheadFull: 0,
            callerAborted: 0,
            unknownOutcomes: 0,
            fallbackAnswers: 0,
            cacheFresh: 0,
            cacheStale: 0,
            hookErrors: 0,
          },
          latency: {
            boundsMs: [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000],
            counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            sumMs: 0,
          },
        },
      ],
    })
  })

  test('of a guard without policies has none', () => {
    const { registry } = createTestRegistry()
    expect(registry.guard('a>b', {}).describe()).toMatchObject({ policies: [], settings: { idempotent: false } })
  })
})

describe('fromConfig', () => {
  const manualDispatch = () => 'queued'
  const judgeErrors = () => 'failure' as const

  test('builds guards from JSON, with functions by name', async () => {
    const { registry } = createTestRegistry()
    const config = JSON.parse(`{ "guards": {
      "tpg>bbd": { "deadline": "5s", "breaker": { "mode": "forced-open" }, "fallback": ["manualDispatch"] },
      "orders>users": { "idempotent": true, "retry": {}, "judge": { "error": "judgeErrors" } } } }`)
    const guards = registry.fromConfig(config, { manualDispatch, judgeErrors })
    expect([...guards.keys()]).toEqual(['tpg>bbd', 'orders>users'])
    expect(guards.get('tpg>bbd')).toBe(registry.get('tpg>bbd'))
    expect(await guards.get('tpg>bbd')?.run(succeed)).toBe('queued')
    expect(guards.get('orders>users')?.describe().settings.judge).toEqual({ error: 'judgeErrors' })
  })

  test('reports every mistake of every guard at once, and then makes none', () => {
    const { registry } = createTestRegistry()
    const config = {
      guards: {
        good: { deadline: '1s' },
        'first bad': { deadline: '5', retry: {} },
        'second bad': { fallback: 'manualDispach', judge: { result: 'nothing' } },
        'third bad': 5,
      },
    }
    const error = thrownBy(() => registry.fromConfig(config, { manualDispatch }))
    expect(error.problems.map(({ guard, setting }) => [guard, setting])).toEqual([
      ['first bad', 'deadline'],
      ['first bad', 'retry'],
      ['second bad', 'fallback'],
      ['second bad', 'judge.result'],
      ['third bad', ''],
    ])
    expect(error.message).toContain('the name of a function given to fromConfig (manualDispatch)')
    expect([...registry]).toEqual([])
  })

  test('makes none if one has other settings already', () => {
    const { registry } = createTestRegistry()
    registry.guard('b', { deadline: '1s' })
    expect(() => registry.fromConfig({ guards: { a: {}, b: { deadline: '2s' } } })).toThrow(GuardConfigError)
    expect(registry.get('a')).toBeUndefined()
  })

  test.each([[{}], [null], [{ guards: [] }], [{ guards: 'all' }]])('refuses %o, which holds no guards', (config) => {
    const { registry } = createTestRegistry()
    expect(thrownBy(() => registry.fromConfig(config as never))).toMatchObject({ setting: 'guards' })
  })

  test('reads back what describe gives, for any settings', () => {
    const ms = fc.integer({ min: 100, max: 86_400_000 }).map((value) => `${value}ms` as const)
    const arbitrary = fc.record(
      {
        overall: ms,
        retry: fc.record(
          { attempts: fc.integer({ min: 2, max: 20 }), budget: fc.constantFrom(0.05, 1) },
          { requiredKeys: [] },
        ),
        breaker: fc.record(
          {
            window: fc.oneof(ms, fc.integer({ min: 10, max: 1000 })),
            failureRate: fc.constantFrom(0.1, 0.5, 1),
            consecutiveFailures: fc.integer({ min: 1, max: 9 }),
            slowCall: ms,
            rampUp: ms,
            mode: fc.constantFrom('normal', 'disabled'),
          },
          { requiredKeys: [] },
        ),
        bulkhead: fc.record(
          { concurrent: fc.integer({ min: 1, max: 9 }), queue: fc.nat(9) },
          { requiredKeys: ['concurrent'] },
        ),
        cache: fc.record({ entries: fc.integer({ min: 1, max: 9 }), mark: fc.constant('old') }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    )
    const readsBack = fc.property(arbitrary, (settings) => {
      const first = createTestRegistry().registry.fromConfig({ guards: { a: { idempotent: true, ...settings } } })
      const described = first.get('a')?.describe().settings
      const second = createTestRegistry().registry.fromConfig({ guards: { a: described } })
      expect(second.get('a')?.describe().settings).toEqual(described)
    })
    fc.assert(readsBack)
  })
})

describe('listeners', () => {
  test('hear attempts and changes of the breaker until they unsubscribe', async () => {
    const { registry } = createTestRegistry()
    const events: GuardEvent[] = []
    const unsubscribe = registry.subscribe((event) => events.push(event))
    const guard = registry.guard('a>b', { breaker: { consecutiveFailures: 1 } })
    await outcomeOf(guard.run(fail))
    unsubscribe()
    await outcomeOf(guard.run(fail))
    expect(events).toEqual([
      { kind: 'transition', guard: 'a>b', from: 'closed', to: 'open' },
      { kind: 'attempt', guard: 'a>b', outcome: 'failure', durationMs: 0 },
    ])
  })

  test('and judges that throw never change an outcome, leave a promise unsettled or repeat a side effect', async () => {
    const { registry, clock } = createTestRegistry()
    registry.subscribe(() => {
      throw new Error('bug in a listener')
    })
    const judge = (): never => {
      throw new Error('bug in a judge')
    }
    const guard = registry.guard('a>b', {
      idempotent: true,
      retry: { attempts: 3 },
      breaker: { consecutiveFailures: 1 },
      judge: { error: judge, result: judge },
    })
    let effects = 0
    expect(await guard.run(() => ++effects)).toBe(1)
    expect([effects, guard.breaker?.state]).toEqual([1, 'closed'])
    const failing = outcomeOf(guard.run(fail))
    await clock.advance(1000)
    expect(await failing).toBe('BREAKER_OPEN')
    expect(guard.describe().counters).toMatchObject({ success: 1, failure: 1, hookErrors: 5 })
  })
})

function thrownBy(run: () => unknown): GuardConfigError {
  try {
    run()
  } catch (error) {
    return error as GuardConfigError
  }
  throw new Error('nothing was thrown')
}
