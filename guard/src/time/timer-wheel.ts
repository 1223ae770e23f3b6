import type { Clock, TimerHandle } from './clock.ts'

/** How late a timer may fire, and how long the wheel may outlive the last call, in milliseconds. */
const tickMs = 10
/** A power of two. */
const slotCount = 512

/** Something that expires. Linked into a slot of the wheel while armed; `next` is undefined otherwise. */
export abstract class TimerEntry {
  expiresAt = 0
  /** True while a caller waits for it: only such entries keep the process alive. */
  holds = false
  next: TimerEntry | undefined = undefined
  previous: TimerEntry | undefined = undefined

  abstract expire(now: number): void
}

/** An entry that calls a function. */
export class CallbackTimer extends TimerEntry {
  readonly #onExpiry: (now: number) => void

  constructor(onExpiry: (now: number) => void) {
    super()
    this.#onExpiry = onExpiry
  }

  override expire(now: number): void {
    this.#onExpiry(now)
  }
}

class Sentinel extends TimerEntry {
  constructor() {
    super()
    this.next = this
    this.previous = this
  }
  override expire(): void {}
}

/**
 * One timer for every deadline, delay and wait of all guards on a clock: arming and disarming are O(1) and touch no
 * host timer. It fires at most one tick late, by the clock and not by counting ticks, so a blocked event loop does not
 * stretch a deadline. It runs only while something is armed and keeps the process alive only while a call waits.
 * Source: Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987, scheme 6.
 */
export class TimerWheel {
  readonly #clock: Clock
  readonly #slots: readonly TimerEntry[] = Array.from({ length: slotCount }, () => new Sentinel())
  /** Every slot before this one is free of entries that were due when it was passed. */
  #position = 0
  #armed = 0
  #holding = 0
  #timer: TimerHandle | undefined = undefined
  #referenced = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Arms `entry`, which must not be armed, to expire `delayMs` after `now`. It holds the process until then. */
  arm(entry: TimerEntry, delayMs: number, now: number): void {
    entry.expiresAt = now + delayMs
    entry.holds = true
    const slot = this.#slots[slotOf(entry.expiresAt)] as TimerEntry
    const last = slot.previous as TimerEntry
    entry.next = slot
    entry.previous = last
    last.next = entry
    slot.previous = entry
    this.#armed++
    this.#holding++
    if (!this.#referenced) this.#keepRunning(now)
  }

  /** Takes `entry` out if it is armed. The wheel stops by itself at its next tick, not here: that keeps calls cheap. */
  disarm(entry: TimerEntry): void {
    const { next, previous } = entry
    if (next === undefined || previous === undefined) return
    previous.next = next
    next.previous = previous
    entry.next = undefined
    entry.previous = undefined
    this.#armed--
    if (entry.holds) this.#holding--
  }

  /** Lets an armed `entry` expire without keeping the process alive for it. */
  letGo(entry: TimerEntry): void {
    if (entry.next === undefined || !entry.holds) return
    entry.holds = false
    this.#holding--
  }

  #keepRunning(now: number): void {
    this.#referenced = true
    if (this.#timer === undefined) {
      this.#position = Math.floor(now / tickMs)
      this.#timer = this.#clock.setTimer(this.#tick, tickMs)
    } else if (typeof this.#timer === 'object') {
      this.#timer.ref?.()
    }
  }

  readonly #tick = (): void => {
    this.#timer = undefined
    this.#referenced = false
    const now = this.#clock.now()
    const end = Math.floor(now / tickMs)
    const start = Math.max(this.#position, end - slotCount + 1)
    for (let position = start; position <= end; position++) this.#expireSlot(position % slotCount, now)
    this.#position = end
    if (this.#armed === 0 || this.#timer !== undefined) return
    this.#timer = this.#clock.setTimer(this.#tick, tickMs)
    if (this.#holding > 0) this.#referenced = true
    else if (typeof this.#timer === 'object') this.#timer.unref?.()
  }

  /** An entry more than one turn away stays; one armed while the slot is walked is met again at the next tick. */
  #expireSlot(index: number, now: number): void {
    const slot = this.#slots[index] as TimerEntry
    const due: TimerEntry[] = []
    for (let entry = slot.next as TimerEntry; entry !== slot; entry = entry.next as TimerEntry) {
      if (entry.expiresAt <= now) due.push(entry)
    }
    for (const entry of due) {
      if (entry.next === undefined) continue
      this.disarm(entry)
      entry.expire(now)
    }
  }
}

/** `&` works on whole numbers, unlike `%`, and 512 divides its 2³². */
function slotOf(timeMs: number): number {
  return (timeMs / tickMs) & (slotCount - 1)
}

const wheels = new WeakMap<Clock, TimerWheel>()

/** The one wheel of `clock`, made at first use. */
export function timerWheelOf(clock: Clock): TimerWheel {
  let wheel = wheels.get(clock)
  if (wheel === undefined) {
    wheel = new TimerWheel(clock)
    wheels.set(clock, wheel)
  }
  return wheel
}
