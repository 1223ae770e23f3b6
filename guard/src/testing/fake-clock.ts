import type { Clock } from '../time/clock.ts'

interface FakeTimer {
  readonly at: number
  readonly run: () => void
  isReferenced: boolean
  ref(): void
  unref(): void
}

/** A clock that moves only when a test moves it. */
export class FakeClock implements Clock {
  #now = 0
  readonly #timers = new Set<FakeTimer>()

  now(): number {
    return this.#now
  }

  setTimer(run: () => void, delayMs: number): FakeTimer {
    const timer: FakeTimer = {
      at: this.#now + delayMs,
      run,
      isReferenced: true,
      ref: () => {
        timer.isReferenced = true
      },
      unref: () => {
        timer.isReferenced = false
      },
    }
    this.#timers.add(timer)
    return timer
  }

  clearTimer(timer: unknown): void {
    this.#timers.delete(timer as FakeTimer)
  }

  get timers(): number {
    return this.#timers.size
  }

  /** Timers that would keep a process alive. */
  get referencedTimers(): number {
    return [...this.#timers].filter((timer) => timer.isReferenced).length
  }

  /** Lets `ms` pass, running timers at their times and promise reactions after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let timer = this.#due(end); timer !== undefined; timer = this.#due(end)) {
      this.#now = Math.max(this.#now, timer.at)
      this.#run(timer)
      await settle()
    }
    this.#now = end
  }

  /** The event loop is blocked for `ms`: the clock goes on, timers run only afterwards, late. */
  async block(ms: number): Promise<void> {
    this.#now += ms
    await this.advance(0)
  }

  /** Moves the time alone, for tests that have no timers. */
  jump(ms: number): void {
    this.#now += ms
  }

  #due(end: number): FakeTimer | undefined {
    const due = [...this.#timers].filter((timer) => timer.at <= end)
    return due.sort((left, right) => left.at - right.at)[0]
  }

  #run(timer: FakeTimer): void {
    this.#timers.delete(timer)
    timer.run()
  }
}

/** Runs the promise reactions that are due, without any timer. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await null
}
