import { createHash, randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { Problem } from '../../kernel/index.ts'
import { readOrder, tell } from './move.ts'
import type { CartRow, OrderRow, Tables } from './tables.ts'

export interface Wish {
  readonly riderId: string
  readonly cartId: string
  /** Sent again with the same wish, it gets the same order. */
  readonly key: string
}

/** Makes an order of a cart, once for each key and once for each cart. Committed when it resolves. */
export function createOrder(db: Kysely<Tables>, wish: Wish): Promise<OrderRow> {
  return db.transaction().execute(async (transaction) => {
    const orderId = randomUUID()
    const known = await claimKey(transaction, wish, orderId)
    if (known !== undefined) return readOrder(transaction, known)
    const cart = await takeCart(transaction, wish)
    await transaction.updateTable('cart').set({ order_id: orderId }).where('cart_id', '=', cart.cart_id).execute()
    const row = await transaction
      .insertInto('orders')
      .values({
        order_id: orderId,
        rider_id: cart.rider_id,
        rider: JSON.stringify(cart.rider),
        quote: JSON.stringify(cart.quote),
        payment_method: cart.payment_method,
        state: 'CREATED',
        version: 1,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await tell(transaction, row)
    return row
  })
}

/** The order this key already stands for, if it does. Two requests at once with one key wait for each other here. */
async function claimKey(
  transaction: Kysely<Tables>,
  { riderId, cartId, key }: Wish,
  orderId: string,
): Promise<string | undefined> {
  const hash = createHash('sha256').update(cartId).digest('hex')
  const claimed = await transaction
    .insertInto('idempotency')
    .values({ rider_id: riderId, key, request_hash: hash, order_id: orderId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('order_id')
    .executeTakeFirst()
  if (claimed) return undefined
  const known = await transaction
    .selectFrom('idempotency')
    .select(['request_hash', 'order_id'])
    .where('rider_id', '=', riderId)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  if (known.request_hash !== hash)
    throw new Problem(422, 'key-reused', { detail: 'This Idempotency-Key was sent before with another cart.' })
  return known.order_id
}

async function takeCart(transaction: Kysely<Tables>, { riderId, cartId }: Wish): Promise<CartRow> {
  const cart = await transaction
    .selectFrom('cart')
    .selectAll()
    .where('cart_id', '=', cartId)
    .where('rider_id', '=', riderId)
    .forUpdate()
    .executeTakeFirst()
  if (!cart) throw new Problem(404, 'cart-not-found', { detail: 'There is no such cart.' })
  if (cart.order_id) throw new Problem(409, 'cart-used', { detail: `This cart is order ${cart.order_id} already.` })
  if (cart.expires_at.getTime() < Date.now())
    throw new Problem(410, 'cart-expired', { detail: 'This cart is older than 15 minutes. Make a new one.' })
  return cart
}

/**
 * Orders that were committed and whose saga was not started, because the instance ended in between: nobody was told of
 * them, but their riders may ask again with the same key.
 */
export async function findUnstarted(db: Kysely<Tables>): Promise<OrderRow[]> {
  return db
    .selectFrom('orders')
    .selectAll()
    .where('state', '=', 'CREATED')
    .where('created_at', '<', sql<Date>`now() - interval '5 seconds'`)
    .where(sql<boolean>`not exists (select from dbos.workflow_status where workflow_uuid = order_id::text)`)
    .limit(50)
    .execute()
}

/** Carts that nobody made an order of are forgotten a day after they ended. */
export async function forgetCarts(db: Kysely<Tables>): Promise<void> {
  await db
    .deleteFrom('cart')
    .where('order_id', 'is', null)
    .where('expires_at', '<', sql<Date>`now() - interval '1 day'`)
    .execute()
}
