import { get } from 'node:http'
import { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import * as z from 'zod'
import { readDatabaseUrl } from './database-url.ts'
import { LeaderRouter, type Member, type Questions } from './leader-router.ts'
import { Turnstile } from './turnstile.ts'

type ClientClass = typeof pg.Client

/** Shorter than what a pool waits for a connection, so that it hears why there is none. */
const LEADER_WITHIN_MS = 2_500
/**
 * Making a connection costs the server a process. After a failover every service needs all of its own anew: if they came at
 * once, a busy server would accept none in time, and all of them would come again, for ever. So each process makes one at
 * a time, has few of them, and does not give up one that the server has begun to make: a server that is gone is left
 * sooner than that, when another one leads.
 */
const OF_CLUSTER = { connectionTimeoutMillis: 10_000, max: 4 }
const OF_SERVER = { connectionTimeoutMillis: 3_000, max: 15 }
const OF_STANDBY = { connectionTimeoutMillis: 1_000, max: 2 }
const ANSWER_WITHIN_MS = 1_000
const PROMOTION_LOOK_MS = 100
/** How far behind a standby may say it is. */
const LAG_MAX = '1MB'

/**
 * The code is one that libraries know as a broken connection, after which they try again. The workflow engine takes every
 * other error for the workflow's own, and ends it with that.
 */
class ConnectionError extends Error {
  readonly code: 'ECONNRESET' | 'ETIMEDOUT'
  constructor(code: 'ECONNRESET' | 'ETIMEDOUT', message: string) {
    super(message)
    this.name = 'ConnectionError'
    this.code = code
  }
}

interface Route {
  readonly router: LeaderRouter
  readonly turnstile: Turnstile
}

/** One for all connections of a process to the same cluster. */
const routes = new Map<string, Route>()

/** How to connect to a database, for a client or a pool: directly, or to whichever server of a cluster leads. */
export function routeTo(url: string, Client: ClientClass = pg.Client): pg.PoolConfig & { Client: ClientClass } {
  const address = readDatabaseUrl(url)
  if (address?.kind !== 'cluster') return { Client, connectionString: url, ...OF_SERVER }
  const { members, user, password, database } = address
  const route = routes.get(url) ?? {
    router: new LeaderRouter(members, questions),
    turnstile: new Turnstile(1),
  }
  routes.set(url, route)
  return { Client: routed(Client, route), user, password, database, ...OF_CLUSTER }
}

/**
 * How to connect to a standby of a cluster that says it is not far behind, for what may be a moment old; undefined for a
 * single server. Whoever uses it has an answer soon or asks the leader.
 */
export function routeToStandby(
  url: string,
  Client: ClientClass = pg.Client,
): (pg.PoolConfig & { Client: ClientClass }) | undefined {
  const address = readDatabaseUrl(url)
  if (address?.kind !== 'cluster') return undefined
  const { members, user, password, database } = address
  return { Client: onStandby(Client, members), user, password, database, ...OF_STANDBY }
}

/** A connection of its own, to the leader. */
export function openClient(url: string, options: pg.ClientConfig = {}): pg.Client {
  const { Client, ...address } = routeTo(url)
  return new Client({ ...address, ...options })
}

/** The URL for a library that insists on one, where it is given a pool to use. */
export function singleUrl(url: string): string {
  const address = readDatabaseUrl(url)
  if (address?.kind !== 'cluster') return url
  const [first] = address.members
  return `postgres://${address.user}@${first?.host}:${first?.port}/${address.database}`
}

/**
 * Clients that connect to the leader. When another server leads, they end at once: a server that hangs would hold them
 * for ever, and one that was demoted takes no writes.
 */
function routed(Base: ClientClass, { router, turnstile }: Route): ClientClass {
  return class RoutedClient extends Base {
    readonly #socket: Socket

    constructor(config?: string | pg.ClientConfig) {
      const socket = new Socket()
      const settings = typeof config === 'object' ? config : {}
      // A pool hides the password from whoever lists its options.
      super({ ...settings, password: settings.password, stream: () => socket })
      this.#socket = socket
    }

    // `pg` has two signatures for this, and the pool uses the first.
    override connect(...args: never[]): never {
      const [callback] = args as unknown as [((error: Error | undefined) => void) | undefined]
      const passed = turnstile.pass(async () => {
        if (!this.#socket.destroyed) await this.#connectTo(await router.whenKnown(LEADER_WITHIN_MS))
      })
      const connected = Promise.race([passed, this.#givenUp()])
      if (!callback) return connected as never
      connected.then(() => callback(undefined), callback)
      return undefined as never
    }

    /** A pool destroys what takes it too long. */
    #givenUp(): Promise<never> {
      return new Promise((_, reject) => {
        this.#socket.once('close', () =>
          reject(new ConnectionError('ETIMEDOUT', 'The database did not take the connection in time.')),
        )
      })
    }

    async #connectTo(leader: Member): Promise<void> {
      this.host = leader.host
      this.port = leader.port
      const stop = router.onChange((other) => {
        if (other !== leader)
          this.#socket.destroy(new ConnectionError('ECONNRESET', 'Another server of the database leads now.'))
      })
      this.#socket.once('close', () => {
        stop()
        router.doubt()
      })
      await super.connect()
      await this.#untilWritable()
    }

    /** A server that has just become the leader takes connections a moment before it takes writes. */
    async #untilWritable(): Promise<void> {
      for (;;) {
        const { rows } = await super.query('select pg_is_in_recovery() as waits')
        if (rows[0]?.waits !== true) return
        await pause(PROMOTION_LOOK_MS)
      }
    }
  }
}

/** Clients that connect to one of the standbys, drawn by lot. */
function onStandby(Base: ClientClass, members: readonly Member[]): ClientClass {
  return class StandbyClient extends Base {
    override connect(...args: never[]): never {
      const [callback] = args as unknown as [((error: Error | undefined) => void) | undefined]
      const connected = this.#connect()
      if (!callback) return connected as never
      connected.then(() => callback(undefined), callback)
      return undefined as never
    }

    async #connect(): Promise<void> {
      const looks = members.map(async (member) => {
        const answer = await ask(new URL(`/replica?lag=${LAG_MAX}`, member.keeper))
        return answer?.status === 200 ? [member] : []
      })
      const standbys = (await Promise.all(looks)).flat()
      const standby = standbys[Math.floor(Math.random() * standbys.length)]
      if (!standby) throw new Error('No standby of the database says that it is up to date.')
      this.host = standby.host
      this.port = standby.port
      await super.connect()
    }
  }
}

const clusterView = z.object({ members: z.array(z.object({ role: z.string(), api_url: z.url() })) })

/** Patroni's REST interface. */
const questions: Questions = {
  async doesLead({ keeper }) {
    const answer = await ask(new URL('/primary', keeper))
    if (!answer) return 'silent'
    return answer.status === 200 ? 'leads' : 'follows'
  },
  // It asks etcd. Any other question is a query of that server, and in a failover a connection to replicate besides.
  async whoLeads({ keeper }) {
    const answer = await ask(new URL('/cluster', keeper))
    const { members } = clusterView.parse(JSON.parse(answer?.body ?? ''))
    const leader = members.find(({ role }) => role === 'leader')
    return leader && new URL(leader.api_url).origin
  },
}

/** Undefined: no answer in time. A connection for each question: one that is kept may hang with its server. */
function ask(address: URL): Promise<{ status: number | undefined; body: string } | undefined> {
  return new Promise((resolve) => {
    const request = get(address, { agent: false }, async (response) => {
      resolve({ status: response.statusCode, body: await text(response).catch(() => '') })
    })
    const timer = setTimeout(() => request.destroy(new Error('no answer')), ANSWER_WITHIN_MS)
    request.on('error', () => resolve(undefined))
    request.on('close', () => clearTimeout(timer))
  })
}
