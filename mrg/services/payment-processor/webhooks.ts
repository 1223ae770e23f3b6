import type { Kysely } from 'kysely'
import * as z from 'zod'
import { type App, addSignedRoute, type Background, Problem } from '../../kernel/index.ts'
import type { Gateway } from './gateway.ts'
import { applyCharge } from './settle.ts'
import type { Tables } from './tables.ts'

const webhook = z.object({
  eventId: z.string().min(1).max(100),
  type: z.string(),
  chargeId: z.string(),
  reference: z.uuid(),
  amountIdr: z.int(),
})

/** Where the gateways report; applied once however often a report comes. */
export function addWebhooks(
  app: App,
  { db, gateways, outbox }: { db: Kysely<Tables>; gateways: readonly Gateway[]; outbox: Background },
): void {
  addSignedRoute(app, '/webhooks/:gateway', {
    header: 'x-signature',
    secretOf: ({ gateway }) => gateways.find(({ name }) => name === gateway)?.webhookSecret,
    async receive(body, { gateway = '' }) {
      const parsed = webhook.safeParse(body)
      if (!parsed.success) throw new Problem(400, 'invalid-request', { detail: z.prettifyError(parsed.error) })
      await apply(db, gateway, parsed.data)
      outbox.nudge()
    },
  })
}

/** It is noted as seen after it was applied: applying twice changes nothing, and a crash in between loses nothing. */
async function apply(db: Kysely<Tables>, gateway: string, sent: z.infer<typeof webhook>): Promise<void> {
  const { eventId, type, chargeId, reference, amountIdr } = sent
  const seen = await db
    .selectFrom('webhook')
    .select('event_id')
    .where('gateway', '=', gateway)
    .where('event_id', '=', eventId)
    .executeTakeFirst()
  if (seen) return
  const status = type === 'charge.authorised' ? 'authorised' : type === 'charge.declined' ? 'declined' : undefined
  if (status) await applyCharge(db, reference, { chargeId, reference, status, amountIdr })
  await db
    .insertInto('webhook')
    .values({ gateway, event_id: eventId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
