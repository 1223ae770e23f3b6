import fc from 'fast-check'
import { describe, test } from 'vitest'
import type { Outcome } from '../outcome.ts'
import { Registry } from '../registry/registry.ts'
import type { Duration } from '../settings/duration.ts'
import { BreakerModel, type ModelCall, type ModelSettings } from '../testing/breaker-model.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'

const rate = fc.constantFrom(0.2, 0.3, 0.5, 0.75, 1)
const settingsArbitrary = fc
  .record({
    windowMs: fc.option(fc.constantFrom(1000, 5000, 60_000), { nil: undefined }),
    windowCalls: fc.integer({ min: 2, max: 8 }),
    forgetAfterMs: fc.constantFrom(2000, 300_000),
    minimumCalls: fc.integer({ min: 1, max: 6 }),
    failureRate: fc.option(rate, { nil: undefined }),
    consecutiveFailures: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    slowCallMs: fc.constantFrom(50, 500),
    slowRate: fc.option(rate, { nil: undefined }),
    openForMs: fc.constantFrom(100, 1000, 30_000),
    probes: fc.integer({ min: 1, max: 4 }),
    maxHalfOpenMs: fc.constantFrom(200, 1000, 30_000),
  })
  .filter((settings) => settings.failureRate !== undefined || settings.consecutiveFailures !== undefined)
  .map((settings) => ({ ...settings, minimumCalls: Math.min(settings.minimumCalls, settings.windowCalls) }))

type Step =
  | { readonly kind: 'look' }
  | { readonly kind: 'call'; readonly count: number }
  | { readonly kind: 'end'; readonly pick: number; readonly outcome: Outcome }
  | { readonly kind: 'abort'; readonly pick: number }
  /** To a moment that matters: so much after, at or before the end of one of the durations in the settings. */
  | { readonly kind: 'jump'; readonly by: Span; readonly plusMs: number }
  | { readonly kind: 'wall-clock'; readonly ms: number }

type Span = 'nothing' | 'openForMs' | 'maxHalfOpenMs' | 'slowCallMs' | 'forgetAfterMs' | 'hour'

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'look' as const }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('call' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      pick: fc.nat(9),
      outcome: fc.constantFrom<Outcome>('success', 'success', 'success', 'failure', 'failure', 'ignore'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), pick: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('jump' as const),
      by: fc.constantFrom<Span>(
        'nothing',
        'openForMs',
        'openForMs',
        'maxHalfOpenMs',
        'slowCallMs',
        'forgetAfterMs',
        'hour',
      ),
      plusMs: fc.constantFrom(-1, 0, 1, 100),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wall-clock' as const), ms: fc.constantFrom(-3_600_000, 3_600_000) }),
  },
)

function jumpMs(settings: ModelSettings, step: Step & { kind: 'jump' }): number {
  const spans = { ...settings, nothing: 0, hour: 3_600_000 }
  return Math.max(0, spans[step.by] + step.plusMs)
}

const ignored = new Error('ignored')
const down = new Error('down')

/** A real call through a guard, settled by the history. */
interface RealCall {
  readonly model: ModelCall
  readonly end: (outcome: Outcome) => void
  readonly abort: () => void
  readonly isAborted: () => boolean
}

async function playHistory(settings: ModelSettings, steps: readonly Step[]): Promise<void> {
  const clock = new FakeClock()
  const guard = new Registry({ clock }).guard('model', {
    idempotent: true,
    breaker: {
      window: settings.windowMs === undefined ? settings.windowCalls : ms(settings.windowMs),
      ...(settings.windowMs === undefined && { forgetAfter: ms(settings.forgetAfterMs) }),
      minimumCalls: settings.minimumCalls,
      ...(settings.failureRate !== undefined && { failureRate: settings.failureRate }),
      ...(settings.consecutiveFailures !== undefined && { consecutiveFailures: settings.consecutiveFailures }),
      ...(settings.slowRate !== undefined && { slowCall: ms(settings.slowCallMs), slowRate: settings.slowRate }),
      openFor: ms(settings.openForMs),
      probes: settings.probes,
      maxHalfOpen: ms(settings.maxHalfOpenMs),
    },
    judge: { error: (error) => (error === ignored ? 'ignore' : 'failure') },
  })
  const model = new BreakerModel(settings)
  const calls: RealCall[] = []

  for (const step of steps) await take(step)
  look()

  async function take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'look':
        return look()
      case 'call':
        for (let call = 0; call < step.count; call++) begin()
        return
      case 'end':
        return end(calls.splice(step.pick % calls.length, 1)[0], step.outcome)
      case 'abort':
        return calls[step.pick % calls.length]?.abort()
      case 'jump':
        clock.jump(jumpMs(settings, step))
        model.now = clock.now()
        return
      case 'wall-clock':
        wallClockOffset += step.ms
    }
  }

  /** Looking brings a breaker up to date, so not every step is followed by a look. */
  function look(): void {
    model.look()
    demandEqual('state', guard.breaker?.state, model.state)
  }

  function begin(): void {
    const expected = model.begin()
    let begun = 0
    const caller = new AbortController()
    const run = () =>
      new Promise<string>((resolve, reject) => {
        begun++
        if (expected === 'refused') return
        calls.push({
          model: expected,
          end: (outcome) => (outcome === 'success' ? resolve('ok') : reject(outcome === 'ignore' ? ignored : down)),
          abort: () => caller.abort(),
          isAborted: () => caller.signal.aborted,
        })
      })
    guard.run(run, { signal: caller.signal }).catch(() => undefined)
    demandEqual('calls let through', begun, expected === 'refused' ? 0 : 1)
  }

  /** The permit of an aborted call is held until the function ends, and then says nothing. */
  async function end(call: RealCall | undefined, outcome: Outcome): Promise<void> {
    if (call === undefined) return
    call.end(outcome)
    await settle()
    model.end(call.model, call.isAborted() ? 'ignore' : outcome)
  }
}

/** A million comparisons: `expect` would take most of the time. */
function demandEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what}: the breaker says ${actual}, the model ${expected}`)
}

let wallClockOffset = 0

function ms(value: number): Duration {
  return `${value}ms`
}

describe('a breaker agrees with its reference model', () => {
  const historyCount = 10_000

  test(`through ${historyCount} random histories of calls, results, aborts and clock jumps`, async () => {
    const dateNow = Date.now
    Date.now = () => dateNow() + wallClockOffset
    try {
      const history = fc.asyncProperty(
        settingsArbitrary,
        fc.array(stepArbitrary, { minLength: 20, maxLength: 60, size: 'max' }),
        playHistory,
      )
      await fc.assert(history, { numRuns: historyCount })
    } finally {
      Date.now = dateNow
    }
  })
})
