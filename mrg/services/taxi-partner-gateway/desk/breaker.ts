import { registry } from '@linchpin/guard'
import { type Kysely, sql } from 'kysely'
import type { Logger } from 'pino'
import { type Background, repeat } from '../../../kernel/index.ts'
import { tellDesk } from '../move.ts'
import type { Tables } from '../tables.ts'

const LOOK_MS = 500
/** An instance says how it finds the partner at least that often, and is not believed longer than `BELIEVED`. */
const REPEAT_MS = 5_000
const BELIEVED = '15 seconds'
const WORST_FIRST = ['open', 'half-open', 'closed'] as const
type BreakerState = (typeof WORST_FIRST)[number]

/** Writes down the state of this instance's breaker for BBD, and tells the desks when it changes. */
export function reportBreaker(options: { db: Kysely<Tables>; instance: string; log: Logger }): Background {
  let written: { readonly breaker: BreakerState; readonly at: number } | undefined
  const report = async () => {
    const breaker = lookAtBreaker()
    const isChange = breaker !== written?.breaker
    if (!isChange && written && performance.now() - written.at < REPEAT_MS) return undefined
    await options.db.transaction().execute(async (transaction) => {
      await sql`insert into bridge (instance, breaker, seen_at) values (${options.instance}, ${breaker}, now())
        on conflict (instance) do update set breaker = excluded.breaker, seen_at = excluded.seen_at`.execute(
        transaction,
      )
      if (isChange) await tellDesk(transaction)
    })
    written = { breaker, at: performance.now() }
    return undefined
  }
  return repeat(report, { name: 'breaker', everyMs: LOOK_MS, log: options.log })
}

/** The worst that an instance says; `unknown` when none says anything. */
export async function readBreaker(db: Kysely<Tables>) {
  const instances = await db
    .selectFrom('bridge')
    .select(['instance', 'breaker'])
    .where('seen_at', '>', sql<Date>`now() - ${sql.lit(BELIEVED)}::interval`)
    .orderBy('instance')
    .execute()
  const worst = WORST_FIRST.find((state) => instances.some(({ breaker }) => breaker === state))
  return { breaker: worst ?? 'unknown', instances }
}

function lookAtBreaker(): BreakerState {
  const { guards } = registry.describe()
  return guards.find(({ dependency }) => dependency === 'taxi-partner-gateway>bbd')?.state.breaker?.state ?? 'closed'
}
