// node mrg/dist/operations/restore-elsewhere.js: restores the newest backup and all archived WAL into a folder of its own,
// starts a server there on a port of its own, counts what it has, and takes it away again. Nothing else is touched. Prints
// JSON, and within a drill keeps it in the folder of the trial; status 0: it could be done; 3: it could not.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { countRestored, readAcknowledged } from './count-restored.ts'
import { restoreInto } from './restore-into.ts'

const { BACKUP = '', RESTORE_PORT = '', LEDGER = '', LINCHPIN_ACKNOWLEDGED } = process.env

try {
  const acknowledged = readAcknowledged(readFileSync(LEDGER, 'utf8'))
  const restored = await restoreInto({ backup: BACKUP, port: Number(RESTORE_PORT) })
  try {
    const counts = await countRestored(restored.url, acknowledged)
    const { tookMs, copiedMs } = restored
    const told = `${JSON.stringify({ restoredMs: tookMs, copiedMs, ...counts })}\n`
    process.stdout.write(told)
    if (LINCHPIN_ACKNOWLEDGED) writeFileSync(join(LINCHPIN_ACKNOWLEDGED, 'restored.json'), told)
  } finally {
    await restored.remove()
  }
} catch (error) {
  process.stderr.write(`It could not be restored: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 3
}
