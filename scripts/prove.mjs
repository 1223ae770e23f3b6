// `npm run prove`: runs every drill of MRG anew, one after the other, and ends as badly as the worst of them. What is
// given after `--` goes to each, such as --dry-run. Then the pages show what came of it.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

await import('./set-up.mjs')
const folder = 'mrg/vault/drills'
const drills = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
const statuses = drills.map((name) => {
  const args = ['bin/linchpin.js', 'drill', 'run', `${folder}/${name}`, ...process.argv.slice(2)]
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 3
})
const pages =
  spawnSync(process.execPath, ['bin/linchpin.js', 'vault', 'sync', 'mrg/vault'], { stdio: 'inherit' }).status ?? 3
process.exitCode = Math.max(pages, ...statuses)
