import fc from 'fast-check'
import { describe, test } from 'vitest'
import { Registry } from '../registry/registry.ts'
import type { Duration } from '../settings/duration.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'

/**
 * A reference model of a guarded dependency, written to be obvious instead of fast: it keeps every result with its
 * time and recounts them at every step. It shares no code with the breaker.
 */
interface Settings {
  readonly windowMs: number | undefined
  readonly windowCalls: number
  readonly forgetAfterMs: number
  readonly minimumCalls: number
  readonly failureRate: number | undefined
  readonly consecutiveFailures: number | undefined
  readonly slowCallMs: number
  readonly slowRate: number | undefined
  readonly openForMs: number
  readonly probes: number
  readonly maxHalfOpenMs: number
}

type Outcome = 'success' | 'failure' | 'ignore'

interface Result {
  readonly at: number
  readonly failed: boolean
  readonly slow: boolean
}

interface ModelCall {
  readonly era: number
  readonly begunAt: number
  readonly isProbe: boolean
}

class Model {
  readonly settings: Settings
  now = 0
  /** Raised by every change of state: calls of an earlier era do not count. */
  era = 0
  state: 'closed' | 'open' | 'half-open' = 'closed'
  openedAt = 0
  results: Result[] = []
  /** Probes under way. */
  probes: ModelCall[] = []
  verdicts: Result[] = []

  constructor(settings: Settings) {
    this.settings = settings
  }

  look(): void {
    if (this.state === 'open' && this.now - this.openedAt >= this.settings.openForMs) this.goTo('half-open')
    this.probes = this.probes.filter((probe) => this.now - probe.begunAt < this.settings.maxHalfOpenMs)
  }

  begin(): ModelCall | 'refused' {
    this.look()
    if (this.state === 'open') return 'refused'
    const call = { era: this.era, begunAt: this.now, isProbe: this.state === 'half-open' }
    if (!call.isProbe) return call
    if (this.verdicts.length + this.probes.length >= this.settings.probes) return 'refused'
    this.probes.push(call)
    return call
  }

  end(call: ModelCall, outcome: Outcome): void {
    this.probes = this.probes.filter((probe) => this.now - probe.begunAt < this.settings.maxHalfOpenMs)
    const counts = call.era === this.era && (!call.isProbe || this.probes.includes(call))
    this.probes = this.probes.filter((probe) => probe !== call)
    if (!counts || outcome === 'ignore') return
    const slow = this.now - call.begunAt >= this.settings.slowCallMs
    const result = { at: this.now, failed: outcome === 'failure', slow }
    if (call.isProbe) this.judgeProbes(result)
    else this.judgeWindow(result)
  }

  judgeProbes(result: Result): void {
    const { failureRate, slowRate, probes } = this.settings
    this.verdicts.push(result)
    const failed = this.verdicts.filter((verdict) => verdict.failed).length
    const slow = this.verdicts.filter((verdict) => verdict.slow).length
    const tooManyFailed = failureRate === undefined ? failed > 0 : failed / probes >= failureRate
    const tooManySlow = slowRate !== undefined && slow / probes >= slowRate
    if (tooManyFailed || tooManySlow) this.goTo('open')
    else if (this.verdicts.length === probes) this.goTo('closed')
  }

  judgeWindow(result: Result): void {
    this.results = [...this.inWindow(), result]
    const { consecutiveFailures, failureRate, minimumCalls, slowRate } = this.settings
    const total = this.results.length
    const failed = this.results.filter((each) => each.failed).length
    const slow = this.results.filter((each) => each.slow).length
    const inRow = this.inRow
    this.inRow = result.failed ? (total === 1 ? 1 : inRow + 1) : 0
    const row = consecutiveFailures !== undefined && this.inRow >= consecutiveFailures
    const rate = failureRate !== undefined && failed / total >= failureRate
    const slowness = slowRate !== undefined && slow / total >= slowRate
    const isBad = failed > 0 || slow > 0
    if (isBad && (row || (total >= minimumCalls && (rate || slowness)))) this.goTo('open')
  }

  inRow = 0

  inWindow(): Result[] {
    const { windowMs, windowCalls, forgetAfterMs } = this.settings
    if (windowMs !== undefined) {
      const tenth = (time: number) => Math.floor(time / (windowMs / 10))
      return this.results.filter((result) => tenth(this.now) - tenth(result.at) < 10)
    }
    const last = this.results.at(-1)
    if (last === undefined || this.now - last.at >= forgetAfterMs) return []
    return this.results.slice(-(windowCalls - 1) || this.results.length)
  }

  goTo(state: 'closed' | 'open' | 'half-open'): void {
    this.state = state
    this.era++
    this.openedAt = this.now
    this.results = []
    this.inRow = 0
    this.probes = []
    this.verdicts = []
  }
}

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

function jumpMs(settings: Settings, step: Step & { kind: 'jump' }): number {
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
  isAborted: boolean
}

async function playHistory(settings: Settings, steps: readonly Step[]): Promise<void> {
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
  const model = new Model(settings)
  const calls: RealCall[] = []
  const take = (pick: number) => calls.splice(pick % calls.length, 1)[0] as RealCall

  for (const step of steps) {
    if (step.kind === 'jump') {
      const passedMs = jumpMs(settings, step)
      clock.jump(passedMs)
      model.now += passedMs
    } else if (step.kind === 'wall-clock') {
      wallClockOffset += step.ms
    } else if (step.kind === 'call') {
      for (let call = 0; call < step.count; call++) beginCall()
    } else if (step.kind !== 'look' && calls.length > 0) {
      const call = take(step.pick)
      if (step.kind === 'abort') call.abort()
      // The permit of an aborted call is held until the function ends, and then says nothing.
      const outcome = step.kind === 'abort' || call.isAborted ? 'ignore' : step.outcome
      if (step.kind === 'abort') {
        call.isAborted = true
        calls.push(call)
      } else {
        call.end(step.outcome)
        await settle()
        model.end(call.model, outcome)
      }
    }
    // Looking brings a breaker up to date, so not every step is followed by a look.
    if (step.kind === 'look') look()
  }

  look()

  function look(): void {
    model.look()
    demandEqual('state', guard.breaker?.state, model.state)
  }

  function beginCall(): void {
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
          isAborted: false,
        })
      })
    guard.run(run, { signal: caller.signal }).catch(() => undefined)
    demandEqual('calls let through', begun, expected === 'refused' ? 0 : 1)
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
