// Compares what riders were told with what is there, order by order. Status 0: every order is accounted for; 1: not;
// 3: it could not be told.
import { setTimeout as pause } from 'node:timers/promises'
import { type Audit, auditBooks } from './audit.ts'
import { collectBooks } from './collect.ts'

const VIOLATIONS_SHOWN = 50
const LOOK_EVERY_MS = 2_000

const { DATABASE = '', LEDGER = '', BBD = '', MIDTRANS = '', XENDIT = '', NICEPAY = '', SETTLE_S = '90' } = process.env
const sources = {
  database: DATABASE,
  ledger: LEDGER,
  bbd: BBD,
  gateways: { midtrans: MIDTRANS, xendit: XENDIT, nicepay: NICEPAY },
}

try {
  const audit = await waitUntilSettled(Number(SETTLE_S) * 1000)
  process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(audit)}\n` : describe(audit))
  process.exitCode = audit.violations.length + audit.unsettled.length > 0 ? 1 : 0
} catch (error) {
  process.stderr.write(`The books could not be read: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 3
}

/** What is only on its way gets time; what must never be is reported at once. */
async function waitUntilSettled(withinMs: number): Promise<Audit> {
  const until = performance.now() + withinMs
  for (;;) {
    const audit = auditBooks(await collectBooks(sources))
    if (audit.violations.length > 0 || audit.unsettled.length === 0 || performance.now() > until) return audit
    await pause(LOOK_EVERY_MS)
  }
}

function describe(audit: Audit): string {
  const { acknowledged, uncertain, missing, doubled, completed, calledOff, inProgress, waitingForPeople, unheard } =
    audit
  const wrong = [...audit.violations, ...audit.unsettled]
  const lines = [
    `${acknowledged} orders acknowledged, ${missing} missing, ${doubled} doubled`,
    `${completed} completed and charged, ${calledOff} called off, ${inProgress} in progress (${waitingForPeople} with people)`,
    `${uncertain} requests without a clear answer, ${unheard} events that have not arrived`,
    wrong.length === 0 ? 'every order is accounted for' : `${wrong.length} violations`,
    ...wrong.slice(0, VIOLATIONS_SHOWN),
  ]
  return `${lines.join('\n')}\n`
}
