import type { Logger } from 'pino'
import * as z from 'zod'
import type { Place } from '../../contracts/booking.ts'
import type { Upstream } from '../../kernel/index.ts'

const route = z.object({ distanceM: z.int().min(0), durationS: z.int().min(0) })
export type Route = z.infer<typeof route>

export interface MapProvider {
  readonly upstream: Upstream
  readonly apiKey: string
}

/**
 * The way by road from the first map provider that answers; one whose breaker is open is passed over at once.
 * Undefined when none answers.
 */
export async function findRoute(
  ends: { from: Place; to: Place },
  { providers, log }: { providers: readonly MapProvider[]; log: Logger },
): Promise<Route | undefined> {
  const path = `/route?from=${ends.from.lat},${ends.from.lng}&to=${ends.to.lat},${ends.to.lng}`
  for (const { upstream, apiKey } of providers) {
    try {
      return await upstream.call('GET', path, { headers: { 'x-api-key': apiKey }, answer: route })
    } catch (error) {
      log.debug({ err: error }, 'a map provider gives no route')
    }
  }
  return undefined
}
