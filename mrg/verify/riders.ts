// What riders were told since a drill's trial began, as JSON for its probes. It reads the riders' own ledger, from
// outside of the platform. Status 0: it could be told; 3: it could not.
import { readFileSync, statSync } from 'node:fs'
import * as z from 'zod'
import { tellBookings } from './bookings.ts'

const { LEDGER = '', LINCHPIN_ACKNOWLEDGED = '' } = process.env
const line = z.object({ at: z.string(), key: z.string(), kind: z.string(), latencyMs: z.number().optional() })

try {
  const text = readFileSync(LEDGER, 'utf8')
  // A line that is being written is not there yet.
  const lines = text.split('\n').slice(0, -1)
  // The drill makes this folder when a trial begins.
  const sinceMs = statSync(LINCHPIN_ACKNOWLEDGED).birthtimeMs
  const told = tellBookings(
    lines.map((one) => line.parse(JSON.parse(one))),
    sinceMs,
  )
  process.stdout.write(`${JSON.stringify(told)}\n`)
} catch (error) {
  process.stderr.write(
    `The riders' ledger could not be read: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exitCode = 3
}
