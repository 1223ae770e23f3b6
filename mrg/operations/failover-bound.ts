// node mrg/dist/operations/failover-bound.js: asks Patroni for its timing, and prints as JSON how long a failover of the
// database may take with it. Status 0: it could be told; 3: nobody answers.
import * as z from 'zod'
import { readDatabaseUrl } from '../kernel/database-url.ts'
import { boundOf } from './bound-of.ts'

const WITHIN_MS = 2_000
const timing = z.object({ ttl: z.number(), loop_wait: z.number(), retry_timeout: z.number() })
const address = readDatabaseUrl(process.env.DATABASE ?? '')
const members = address?.kind === 'cluster' ? address.members : []

for (const { keeper } of members) {
  const answer = await fetch(new URL('/config', keeper), { signal: AbortSignal.timeout(WITHIN_MS) }).catch(
    () => undefined,
  )
  const { success, data } = timing.safeParse(await answer?.json().catch(() => undefined))
  if (!success) continue
  process.stdout.write(`${JSON.stringify({ boundMs: boundOf(data) ?? null, ...data })}\n`)
  process.exit(0)
}
process.stderr.write('No Patroni says what its timing is. DATABASE must name its members.\n')
process.exitCode = 3
