// `npm run prove`: runs every drill of MRG anew, one after the other, and ends as badly as the worst of them. Names after
// `--` choose some of them, options go to each, such as --dry-run. `npm run prove:ha` runs those of the profile `ha`, with
// `--profile ha` before everything else. Then the pages are written anew, and the overview shows what came of it.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

await import('./set-up.mjs')
const folder = 'mrg/vault/drills'
const [option, value, ...rest] = process.argv.slice(2)
const profile = option === '--profile' ? value : undefined
const given = option === '--profile' ? rest : process.argv.slice(2)
const options = given.filter((word) => word.startsWith('-'))
const named = given.filter((word) => !word.startsWith('-'))
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace(/\.yaml$/, ''))
const unknown = named.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`There is no drill ${unknown.join(', ')} in ${folder}. There are ${all.join(', ')}.`)
  process.exit(2)
}
const profileOf = (name) => /^profile: (\S+)$/m.exec(readFileSync(`${folder}/${name}.yaml`, 'utf8'))?.[1]
const chosen = named.length > 0 ? named : all.filter((name) => profileOf(name) === profile)
const startedAt = performance.now()
if (profile === undefined && !options.includes('--dry-run')) await slowDown()
const statuses = chosen.map((name) => linchpin('drill', 'run', `${folder}/${name}.yaml`, ...options))
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1)
console.log(
  `\n${chosen.length} drills in ${minutes} min: ${statuses.filter((status) => status === 0).length} supported all they prove.`,
)
process.exitCode = Math.max(...statuses, linchpin('vault', 'sync', 'mrg/vault'), linchpin('assess', 'mrg/vault'))

/** Riders come as often as two cores carry beside a drill, so that what fails is the fault's doing. */
async function slowDown() {
  linchpin('lab', 'up', 'mrg')
  const port = 7419 + Number(process.env.LINCHPIN_PORT_BASE ?? 0)
  const body = JSON.stringify({ perSecond: 2 })
  await fetch(`http://127.0.0.1:${port}/rate`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body })
}

function linchpin(...args) {
  return spawnSync(process.execPath, ['bin/linchpin.js', ...args], { stdio: 'inherit' }).status ?? 3
}
