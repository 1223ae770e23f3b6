import { BrokenConnectionError, type Guard, type Judge, type RunOptions } from '../index.ts'

/** The part that is used of `redis` (`sendCommand`) or of `ioredis` (`call`). */
export type RedisLike =
  | { sendCommand(args: string[]): Promise<unknown> }
  | { call(command: string, ...args: string[]): Promise<unknown> }

/**
 * Commands of a Redis client through `guard`. A client cannot take a command back that it has sent or queued, so a
 * deadline only stops the waiting. Use `judgeRedis` in the guard's settings.
 */
export function guardedRedis(
  guard: Guard<unknown, unknown>,
  client: RedisLike,
): (command: readonly [string, ...string[]], options?: RunOptions) => Promise<unknown> {
  const send = (command: readonly [string, ...string[]]) =>
    'call' in client ? client.call(...(command as [string, ...string[]])) : client.sendCommand([...command])
  return (command, options) =>
    guard.run(async () => {
      try {
        return await send(command)
      } catch (error) {
        throw isConnectionLost(error) ? new BrokenConnectionError({ dependency: guard.name, cause: error }) : error
      }
    }, options)
}

/** Replies that say the server cannot work now; every other error reply is about the command. */
const serverTrouble = /^(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS)\b/

/** Error replies about the command itself say nothing about Redis. Source: Redis protocol specification, simple errors. */
export const judgeRedis: Judge = {
  error: (error) => {
    const { message = '' } = (error ?? {}) as { message?: string }
    const isReply = /^[A-Z]+ /.test(message)
    return isReply && !serverTrouble.test(message) ? 'ignore' : 'failure'
  },
}

function isConnectionLost(error: unknown): boolean {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown }
  const text = `${String(name)} ${String(message)}`
  return /SocketClosedUnexpectedly|DisconnectsClient|Socket closed unexpectedly|Connection is closed/.test(text)
}
