import type { ClaimEntry } from '../contract/claim.ts'
import type { Expiry } from '../contract/evidence.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * When evidence stops counting by age, soonest first: what one drill renews on one day is one entry. Claims of which
 * nothing is known have nothing to lose.
 */
export function listExpiries(claims: readonly ClaimEntry[]): Expiry[] {
  const entries = new Map<string, { drill: string | undefined; expiresAt: string; claims: string[] }>()
  for (const { id, verdict, expiresAt, drills } of claims) {
    if (verdict === 'unknown' || expiresAt === undefined) continue
    const [drill] = drills
    const key = `${expiresAt.slice(0, 10)} ${drill ?? ''}`
    const known = entries.get(key)
    if (!known) entries.set(key, { drill, expiresAt, claims: [id] })
    else {
      known.claims.push(id)
      if (expiresAt < known.expiresAt) known.expiresAt = expiresAt
    }
  }
  return [...entries.values()]
    .sort((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1))
    .map((entry) => ({ ...entry, week: mondayOf(entry.expiresAt) }))
}

/** The day on which its week begins, in UTC. */
function mondayOf(moment: string): string {
  const day = new Date(`${moment.slice(0, 10)}T00:00:00.000Z`)
  const sinceMonday = (day.getUTCDay() + 6) % 7
  return new Date(day.getTime() - sinceMonday * DAY_MS).toISOString().slice(0, 10)
}
