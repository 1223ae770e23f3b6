import pg from 'pg'
import type { Logger } from 'pino'
import { repeat } from './background.ts'
import { openClient } from './connect.ts'

const AGAIN_MS = 1_000

/**
 * Calls `onNews` with what each notification of a channel says. When its connection breaks it makes a new one, and then calls
 * once more, with nothing: something may have been missed.
 */
export function listen(
  { url, channel, log }: { url: string; channel: string; log: Logger },
  onNews: (news?: string) => void,
): { stop(): Promise<void> } {
  let client: pg.Client | undefined
  const keepListening = repeat(
    async () => {
      if (client) return undefined
      const fresh = openClient(url, { keepAlive: true })
      const forget = () => {
        if (client === fresh) client = undefined
      }
      fresh.on('error', forget)
      fresh.on('end', forget)
      fresh.on('notification', ({ payload }) => onNews(payload))
      await fresh.connect()
      await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
      client = fresh
      onNews()
      return undefined
    },
    { name: `listen ${channel}`, everyMs: AGAIN_MS, log },
  )
  return {
    async stop() {
      await keepListening.stop()
      await client?.end().catch(() => undefined)
    },
  }
}
