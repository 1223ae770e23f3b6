import type { Outcome } from '../outcome.ts'

export interface ModelSettings {
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

interface Result {
  readonly at: number
  readonly failed: boolean
  readonly slow: boolean
}

export interface ModelCall {
  readonly era: number
  readonly begunAt: number
  readonly isProbe: boolean
}

/**
 * A reference model of a guarded dependency, written to be obvious instead of fast: it keeps every result with its
 * time and recounts them at every step. It shares no code with the breaker.
 */
export class BreakerModel {
  readonly settings: ModelSettings
  now = 0
  /** Raised by every change of state: calls of an earlier era do not count. */
  era = 0
  state: 'closed' | 'open' | 'half-open' = 'closed'
  openedAt = 0
  results: Result[] = []
  /** Failures in a row. */
  inRow = 0
  /** Probes under way. */
  probes: ModelCall[] = []
  verdicts: Result[] = []

  constructor(settings: ModelSettings) {
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
    // With that many of the remaining probes failed and slow.
    const opensAfter = (more: number): boolean => {
      const tooManyFailed = failureRate === undefined ? failed + more > 0 : (failed + more) / probes >= failureRate
      return tooManyFailed || (slowRate !== undefined && (slow + more) / probes >= slowRate)
    }
    if (opensAfter(0)) this.goTo('open')
    else if (!opensAfter(probes - this.verdicts.length)) this.goTo('closed')
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
