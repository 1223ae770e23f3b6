/** A server that may lead, and where it says whether it does. */
export interface Member {
  readonly host: string
  readonly port: number
  /** Answers 200 while it leads, another status while it does not. */
  readonly health: string
}

/** What a member says of itself. `silent`: nobody can tell, which is no reason to leave it. */
export type Answer = 'leads' | 'follows' | 'silent'
export type Ask = (member: Member) => Promise<Answer>

/**
 * While all is well only the leader is asked: sixteen services ask, and each answer costs the server a query. In a doubt
 * that lasts, everybody is asked no more often.
 */
const QUIET_MS = 1_000
/** In doubt everybody is asked, often at first: a failover of seconds must not last longer for the looking. */
const DOUBT_MS = 100
const DOUBT_LOOKS = 10
/**
 * Without a doubt for so long, the next one is a new one. A leader that shuts down takes no connection and still says that it
 * leads: each yes ends a doubt and each refused connection begins one.
 */
const CALM_MS = 5_000

/** No server is known to lead. What waits for one may try again. */
export class NoLeaderError extends Error {
  readonly code = 'no-leader'
  constructor(withinMs: number) {
    super(`No server of the database said within ${withinMs} ms that it leads.`)
    this.name = 'NoLeaderError'
  }
}

/**
 * Knows which server of a cluster leads, by asking them. A yes of another server counts when it was asked after the last
 * yes of the one that led so far, so that a late answer does not lead back.
 */
export class LeaderRouter {
  #members: readonly Member[]
  readonly #ask: Ask
  readonly #listeners = new Set<(leader: Member) => void>()
  readonly #waiting = new Set<Member>()
  #leader: Member | undefined
  /** When the last yes of the leader was asked for, counted in questions. */
  #confirmed = 0
  #questions = 0
  #doubtSince: number | undefined = 0
  #timer: NodeJS.Timeout | undefined
  #lookedAt = 0
  #doubtedAt = 0
  #looksInDoubt = 0

  constructor(members: readonly Member[], ask: Ask) {
    this.#members = members
    this.#ask = ask
    this.#look()
  }

  get leader(): Member | undefined {
    return this.#leader
  }

  /** The leader, as soon as one is known. Throws a `NoLeaderError` when that takes too long. */
  async whenKnown(withinMs: number): Promise<Member> {
    if (this.#leader) return this.#leader
    this.doubt()
    return new Promise((resolve, reject) => {
      const settle = (leader?: Member) => {
        clearTimeout(timer)
        stop()
        leader ? resolve(leader) : reject(new NoLeaderError(withinMs))
      }
      const stop = this.onChange(settle)
      const timer = setTimeout(settle, withinMs)
    })
  }

  /** A connection broke, or was refused: everybody is asked soon, and often, until somebody says that it leads. */
  doubt(): void {
    const now = performance.now()
    if (now - this.#doubtedAt > CALM_MS) this.#looksInDoubt = 0
    this.#doubtedAt = now
    if (this.#doubtSince !== undefined) return
    this.#doubtSince = this.#questions
    this.#lookAfter(Math.max(0, this.#lookedAt + this.#doubtMs() - now))
  }

  /** Called whenever another server leads; returns what ends that. */
  onChange(listener: (leader: Member) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#members = []
  }

  /** Asks whoever has to be asked now, and comes back. */
  #look(): void {
    this.#lookedAt = performance.now()
    const isDoubtful = this.#doubtSince !== undefined
    if (isDoubtful) this.#looksInDoubt++
    const asked = this.#leader && !isDoubtful ? [this.#leader] : this.#members
    for (const member of asked) if (!this.#waiting.has(member)) void this.#lookAt(member)
    this.#lookAfter(isDoubtful ? this.#doubtMs() : QUIET_MS)
  }

  #doubtMs(): number {
    return this.#looksInDoubt < DOUBT_LOOKS ? DOUBT_MS : QUIET_MS
  }

  #lookAfter(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#members.length === 0) return
    this.#timer = setTimeout(() => this.#look(), ms)
    // A process that has nothing else to do may end.
    this.#timer.unref()
  }

  async #lookAt(member: Member): Promise<void> {
    const question = ++this.#questions
    this.#waiting.add(member)
    const answer = await this.#ask(member).catch((): Answer => 'silent')
    this.#waiting.delete(member)
    if (answer === 'leads') this.#hearYes(member, question)
    else if (member === this.#leader) {
      if (answer === 'follows') this.#leader = undefined
      this.doubt()
    }
  }

  #hearYes(member: Member, question: number): void {
    if (member !== this.#leader && question <= this.#confirmed) return
    this.#confirmed = this.#questions
    if (this.#doubtSince !== undefined && question > this.#doubtSince) this.#doubtSince = undefined
    if (member === this.#leader) return
    this.#leader = member
    for (const listener of [...this.#listeners]) listener(member)
  }
}
