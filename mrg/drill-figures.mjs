// node mrg/drill-figures.mjs: of each drill the newest record in each environment with more than one of everything, as a
// Markdown table. docs/guide/high-availability.md shows it (npm run docs).
import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('vault/evidence/', import.meta.url)
const ENVIRONMENTS = ['lab:ha', 'lab:pooled', 'lab:twice']

const newest = new Map()
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()) {
  const record = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  if (!ENVIRONMENTS.includes(record.environment)) continue
  newest.set(`${ENVIRONMENTS.indexOf(record.environment)} ${record.drill.name}`, record)
}
// Trials are told for claims: a drill that makes none has no figures here.
const told = [...newest].filter(([, { claims }]) => claims.length > 0)
const rows = told.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => writeRow(record))
process.stdout.write(
  `| Drill | Where | Trials | Users waited | Missing, doubled | What it says |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`,
)

function writeRow({ drill, environment, claims }) {
  // Every claim has the same trials.
  const { trials } = claims[0]
  const verdicts = ['refuted', 'unknown', 'supported'].filter((verdict) =>
    claims.some((one) => one.verdict === verdict),
  )
  const of = (name) => trials.map((trial) => trial[name]).filter((value) => value !== undefined)
  const cells = [
    `\`${drill.name}\``,
    environment,
    trials.length,
    writeWaits(of('rtoMs')),
    writeCounts(of),
    verdicts.join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

function writeWaits(waits) {
  if (waits.length === 0) return ''
  const [first, ...more] = waits.sort((a, b) => a - b)
  if (waits.every((wait) => wait === 0)) return 'not at all'
  const seconds = (ms) => (ms / 1000).toFixed(1)
  if (more.length === 0) return `${seconds(first)} s`
  return `${seconds(first)} to ${seconds(waits.at(-1))} s, median ${seconds(waits[Math.floor((waits.length - 1) / 2)])} s`
}

function writeCounts(of) {
  const sum = (values) => values.reduce((total, value) => total + value, 0)
  return `${sum(of('lost'))}, ${sum(of('doubled'))}`
}
