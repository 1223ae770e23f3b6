import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

export type Audit = (entry: { readonly by: string; readonly did: string; readonly outcome: string }) => void

/** An append-only file: who did what through the hub, and what came of it. On disk before the action begins. */
export function openAudit(folder: string): Audit {
  const file = join(folder, 'audit.jsonl')
  return (entry) => {
    mkdirSync(folder, { recursive: true })
    appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`, {
      flush: true,
      mode: 0o600,
    })
  }
}
