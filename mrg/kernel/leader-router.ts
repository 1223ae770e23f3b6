/** A server that may lead, and where its keeper (Patroni) is asked, such as `http://10.213.0.1:7436`. */
export interface Member {
  readonly host: string
  readonly port: number
  readonly keeper: string
}

/** What a member says of itself. `silent`: nobody can tell, which is no reason to leave it. */
export type Answer = 'leads' | 'follows' | 'silent'

/** How members are asked. */
export interface Questions {
  doesLead(member: Member): Promise<Answer>
  /** Whom a member takes for the leader, which may be over: where that one's keeper is asked. Undefined: nobody. */
  whoLeads(member: Member): Promise<string | undefined>
}

/** While all is well the leader is asked whether it still is. */
const QUIET_MS = 1_000
/** In doubt one of the others is asked too, in turn: sixteen services ask, of servers that have a failover to carry out. */
const DOUBT_MS = 500

/** No server is known to lead. What waits for one may try again, and libraries see so by its code. */
export class NoLeaderError extends Error {
  readonly code = 'ECONNREFUSED'
  constructor(withinMs: number) {
    super(`No server of the database said within ${withinMs} ms that it leads.`)
    this.name = 'NoLeaderError'
  }
}

/**
 * Knows which server of a cluster leads, by asking them. Only who says so itself leads; a yes of another server counts when it was asked after the last
 * yes of the one that led so far, so that a late answer does not lead back.
 */
export class LeaderRouter {
  #members: readonly Member[]
  readonly #questions: Questions
  readonly #listeners = new Set<(leader: Member) => void>()
  readonly #waiting = new Set<Member>()
  #leader: Member | undefined
  /** When the last yes of the leader was asked for, counted in questions asked. */
  #confirmed = 0
  #asked = 0
  #doubtSince: number | undefined = 0
  #timer: NodeJS.Timeout | undefined
  #lookedAt = 0
  /** Whose turn it is to be asked about the others. Processes that begin to doubt at once begin with different ones. */
  #turn = Math.floor(Math.random() * 1_000)

  constructor(members: readonly Member[], questions: Questions) {
    this.#members = members
    this.#questions = questions
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

  /** A connection broke, or was refused: others are asked too, soon, until somebody says that it leads. */
  doubt(): void {
    if (this.#doubtSince !== undefined) return
    this.#doubtSince = this.#asked
    this.#lookAfter(Math.max(0, this.#lookedAt + DOUBT_MS - performance.now()))
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
    if (this.#leader) void this.#lookAt(this.#leader)
    if (isDoubtful) void this.#askAround()
    this.#lookAfter(isDoubtful ? DOUBT_MS : QUIET_MS)
  }

  #lookAfter(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#members.length === 0) return
    this.#timer = setTimeout(() => this.#look(), ms)
    // A process that has nothing else to do may end.
    this.#timer.unref()
  }

  /** Asks one of the others who leads, and then that one whether it is true. */
  async #askAround(): Promise<void> {
    const others = this.#members.filter((member) => member !== this.#leader)
    const asked = others[this.#turn++ % others.length]
    const named = asked && (await this.#questions.whoLeads(asked).catch(() => undefined))
    if (named === undefined || named === this.#leader?.keeper) return
    const member = this.#members.find(({ keeper }) => keeper === named)
    // Keepers may know each other by addresses that are not ours.
    for (const other of member ? [member] : this.#members) void this.#lookAt(other)
  }

  async #lookAt(member: Member): Promise<void> {
    if (this.#waiting.has(member)) return
    const question = ++this.#asked
    this.#waiting.add(member)
    const answer = await this.#questions.doesLead(member).catch((): Answer => 'silent')
    this.#waiting.delete(member)
    if (answer === 'leads') this.#hearYes(member, question)
    else if (member === this.#leader) {
      if (answer === 'follows') this.#leader = undefined
      this.doubt()
    }
  }

  #hearYes(member: Member, question: number): void {
    if (member !== this.#leader && question <= this.#confirmed) return
    this.#confirmed = this.#asked
    if (this.#doubtSince !== undefined && question > this.#doubtSince) this.#doubtSince = undefined
    if (member === this.#leader) return
    this.#leader = member
    for (const listener of [...this.#listeners]) listener(member)
  }
}
