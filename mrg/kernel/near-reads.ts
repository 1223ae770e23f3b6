import { Problem } from './problem.ts'

/** A standby that failed, or whose answers may be old, is left alone for so long. */
const LEFT_ALONE_MS = 5_000
/** What was found of its age holds for so long. */
const FRESH_FOR_MS = 500

/** Where reads may go that need not see the last moment. */
export interface NearSource<Connection> {
  readonly leader: Connection
  readonly standby: Connection
  /** Whether what the standby has is recent; throws when it does not answer. */
  isFresh(): Promise<boolean>
}

/**
 * Reads of a standby, as long as it answers and is up to date; everything else is read of the leader. A read that a standby
 * could not answer is done again there, so nobody sees that one died.
 */
export class NearReads<Connection> {
  readonly #source: NearSource<Connection>
  readonly #now: () => number
  #aloneUntil = 0
  #freshUntil = 0

  constructor(source: NearSource<Connection>, now: () => number = () => performance.now()) {
    this.#source = source
    this.#now = now
  }

  async read<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const { leader, standby } = this.#source
    if (!(await this.#mayAskStandby())) return work(leader)
    try {
      return await work(standby)
    } catch (error) {
      // What it has not heard of may be known to the leader, and is no fault of it.
      if (!(error instanceof Problem)) this.#leaveAlone()
      return work(leader)
    }
  }

  async #mayAskStandby(): Promise<boolean> {
    const now = this.#now()
    if (now < this.#aloneUntil) return false
    if (now < this.#freshUntil) return true
    if (await this.#source.isFresh().catch(() => false)) {
      this.#freshUntil = now + FRESH_FOR_MS
      return true
    }
    this.#leaveAlone()
    return false
  }

  #leaveAlone(): void {
    this.#freshUntil = 0
    this.#aloneUntil = this.#now() + LEFT_ALONE_MS
  }
}
