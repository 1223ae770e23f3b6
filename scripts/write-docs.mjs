// `npm run docs`: writes every file of docs/ that is computed. With --check it writes nothing and fails on a difference.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FILES = [
  ['docs/reference/system.schema.json', ['bin/linchpin.js', 'schema']],
  ['docs/reference/evidence.schema.json', ['bin/linchpin.js', 'schema', 'evidence']],
  ['docs/theory/seed-comparison.md', ['mrg/seed-comparison.mjs']],
]

const GUIDE = 'docs/guide/high-availability.md'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const isCheck = process.argv.includes('--check')
for (const [file, command] of FILES) keep(file, run(command))
const hub = readFileSync('mrg/vault/01-architecture/MRG-SPOF-Documentation-Hub.md', 'utf8')
keep(GUIDE, fillFigures(readFileSync(GUIDE, 'utf8'), run(['mrg/drill-figures.mjs'])))
keep('README.md', fillOverview(readFileSync('README.md', 'utf8'), hub))

function run(command) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (status !== 0) fail(`${command.join(' ')} failed:\n${stderr}`)
  return stdout
}

function keep(file, text) {
  if (!isCheck) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) fail(`${file} is out of date. Run: npm run docs`)
}

/** The README shows the dashboard of MRG's hub, which `linchpin vault sync` writes. */
function fillOverview(readme, hub) {
  const [, box] = /linchpin:dashboard -->\s+```text\n([\s\S]*?```\n)/.exec(hub) ?? fail('MRG has no dashboard region')
  return readme.replace(/(writes it. -->\n```\n)[\s\S]*?```\n/, `$1${box}`)
}

function fillFigures(guide, table) {
  const region = /(npm run docs writes them -->\n)[\s\S]*?(<!-- \/drill figures -->)/
  if (!region.test(guide)) fail(`${GUIDE} has no place for the figures of drills`)
  return guide.replace(region, `$1\n${table}\n$2`)
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
