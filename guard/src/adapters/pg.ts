import { BrokenConnectionError, type Guard, type Judge, type RunOptions } from '../index.ts'

/** The part of `pg`'s Pool that is used. */
export interface PoolLike<Result> {
  connect(): Promise<PoolClientLike<Result>>
}

interface PoolClientLike<Result> {
  query(text: string, values?: unknown[]): Promise<Result>
  /** `true` closes the connection instead of giving it back to the pool. */
  release(destroy?: boolean): void
}

export interface GuardedPool<Result> {
  query(text: string, values?: unknown[], options?: RunOptions): Promise<Result>
}

/**
 * Queries of `pool` through `guard`. `pg` cannot cancel a query, so a deadline or a caller that gives up closes its
 * connection: the server is rid of it and the pool opens another. Use `judgePostgres` in the guard's settings.
 */
export function guardedPool<Result>(guard: Guard<unknown, Result>, pool: PoolLike<Result>): GuardedPool<Result> {
  return {
    query: (text, values, options) =>
      guard.run(async (call) => {
        const client = await pool.connect()
        const release = once((destroy: boolean) => client.release(destroy))
        const giveUp = () => release(true)
        call.signal.addEventListener('abort', giveUp)
        try {
          if (call.signal.aborted) throw call.signal.reason
          return await client.query(text, values)
        } catch (error) {
          throw isConnectionLost(error) ? new BrokenConnectionError({ dependency: guard.name, cause: error }) : error
        } finally {
          call.signal.removeEventListener('abort', giveUp)
          release(call.signal.aborted)
        }
      }, options),
  }
}

/** SQLSTATE classes of mistakes in the statement or its data, and of conflicts between transactions. */
const ignoredClasses = new Set(['21', '22', '23', '25', '40', '42', '44', 'P0'])

/** Errors about the statement or its data say nothing about the database. Source: PostgreSQL 15 manual, appendix A. */
export const judgePostgres: Judge = {
  error: (error) => {
    const { code } = (error ?? {}) as { code?: unknown }
    return typeof code === 'string' && code.length === 5 && ignoredClasses.has(code.slice(0, 2)) ? 'ignore' : 'failure'
  },
}

/** SQLSTATEs after which it is unknown whether the statement took effect: class 08, statement completion unknown, shutdown. */
const lostStates = new Set(['08000', '08003', '08006', '08007', '40003', '57P01', '57P02'])

function isConnectionLost(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return lostStates.has(code)
  return (
    typeof message === 'string' && /^Connection terminated|^Client has encountered a connection error/.test(message)
  )
}

function once(run: (destroy: boolean) => void): (destroy: boolean) => void {
  let hasRun = false
  return (destroy) => {
    if (hasRun) return
    hasRun = true
    run(destroy)
  }
}
