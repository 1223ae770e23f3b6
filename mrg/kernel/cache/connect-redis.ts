import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import * as z from 'zod'
import { readSentinelUrl, type SentinelAddress } from './sentinel-url.ts'

/** Longer than a guard waits for an answer, so that the guard decides. */
const COMMAND_MS = 1_000
const CONNECT_MS = 1_000
const AGAIN_MS_MAX = 1_000

/** What a service is told of Redis; absent: there is none. */
export const redisEnvironment = {
  REDIS: z
    .string()
    .transform((text, context) => {
      const address = readSentinelUrl(text)
      if (address) return address
      context.addIssue({ code: 'custom', message: 'must be sentinel://host:port,host:port/name' })
      return z.NEVER
    })
    .optional(),
}

/**
 * A connection to whichever Redis the Sentinels say is written to; it goes to the other one when they change their
 * minds, also away from one that hangs. While there is no connection a command is refused at once, and none is sent a
 * second time: what it would write may be old by then.
 */
export function connectRedis({ sentinels, name }: SentinelAddress, log: Logger): Redis {
  const again = (attempt: number) => Math.min(attempt * 100, AGAIN_MS_MAX)
  const client = new Redis({
    sentinels: [...sentinels],
    name,
    failoverDetector: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
    connectTimeout: CONNECT_MS,
    sentinelCommandTimeout: COMMAND_MS,
    retryStrategy: again,
    sentinelRetryStrategy: again,
  })
  client.on('error', (error) => log.debug({ err: error }, 'the connection to Redis broke'))
  return client
}
