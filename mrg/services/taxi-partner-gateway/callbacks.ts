import type { Kysely } from 'kysely'
import * as z from 'zod'
import { type App, addSignedRoute, type Background, Problem } from '../../kernel/index.ts'
import { bbdOrder } from './bbd.ts'
import type { Tables } from './tables.ts'
import { applyStatus } from './track.ts'

/** Where the partner reports each change of an order; harmless when repeated. */
export function addCallbacks(
  app: App,
  { db, secret, outbox }: { db: Kysely<Tables>; secret: string; outbox: Background },
): void {
  addSignedRoute(app, '/callbacks/bbd', {
    header: 'x-bbd-signature',
    secretOf: () => secret,
    async receive(body) {
      const parsed = bbdOrder.extend({ reference: z.uuid() }).safeParse(body)
      if (!parsed.success) throw new Problem(400, 'invalid-request', { detail: z.prettifyError(parsed.error) })
      const isKnown = await applyStatus(db, parsed.data)
      if (!isKnown) throw new Problem(404, 'dispatch-not-found', { detail: 'There is no taxi for this reference.' })
      outbox.nudge()
    },
  })
}
