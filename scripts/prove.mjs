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
const isDry = options.includes('--dry-run')
if (profile === undefined && !isDry) await slowDown()
const statuses = []
for (const name of chosen) {
  const status = linchpin('drill', 'run', `${folder}/${name}.yaml`, ...options)
  statuses.push(status)
  if (status !== 0 && !isDry) await beginAnewIfViolated()
}
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1)
console.log(
  `\n${chosen.length} drills in ${minutes} min: ${statuses.filter((status) => status === 0).length} supported all they prove.`,
)
process.exitCode = Math.max(...statuses, linchpin('vault', 'sync', 'mrg/vault'), linchpin('assess', 'mrg/vault'))

/** What a drill lost, as that of a bad configuration has to, stays lost: the lab's own check would stop every drill after it. */
async function beginAnewIfViolated() {
  if (linchpin('lab', 'verify', 'mrg') !== 1) return
  console.log('\nThe books do not agree any more. The lab begins anew.')
  linchpin('lab', 'down', 'mrg')
  linchpin('lab', 'reset', 'mrg')
  if (profile === undefined) await slowDown()
}

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
