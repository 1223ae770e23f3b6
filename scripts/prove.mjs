// `npm run prove`: runs every drill of MRG anew, one after the other, and ends as badly as the worst of them. What is
// given after `--` goes to each, such as --dry-run. `npm run prove:ha` runs those of the profile `ha`, with
// `--profile ha` before everything else. Then the pages show what came of it.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

await import('./set-up.mjs')
const folder = 'mrg/vault/drills'
const [option, value, ...rest] = process.argv.slice(2)
const profile = option === '--profile' ? value : undefined
const given = option === '--profile' ? rest : process.argv.slice(2)
const drills = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .filter((name) => /^profile: (\S+)$/m.exec(readFileSync(`${folder}/${name}`, 'utf8'))?.[1] === profile)
const statuses = drills.map((name) => {
  const args = ['bin/linchpin.js', 'drill', 'run', `${folder}/${name}`, ...given]
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 3
})
const pages =
  spawnSync(process.execPath, ['bin/linchpin.js', 'vault', 'sync', 'mrg/vault'], { stdio: 'inherit' }).status ?? 3
process.exitCode = Math.max(pages, ...statuses)
