// `npm run docs`: writes every file of docs/ that is computed. With --check it writes nothing and fails on a difference.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FILES = [
  ['docs/reference/system.schema.json', ['bin/linchpin.js', 'schema']],
  ['docs/theory/seed-comparison.md', ['mrg/seed-comparison.mjs']],
]

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const isCheck = process.argv.includes('--check')
for (const [file, command] of FILES) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (status !== 0) fail(`${command.join(' ')} failed:\n${stderr}`)
  if (!isCheck) writeFileSync(file, stdout)
  else if (readFileSync(file, 'utf8') !== stdout) fail(`${file} is out of date. Run: npm run docs`)
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
