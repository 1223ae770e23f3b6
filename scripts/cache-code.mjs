// Runs the bundled command line once and keeps the machine code of all that it used. Part of set-up.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cacheOf, runBundle } from '../bin/run-bundle.js'

const bundle = fileURLToPath(new URL('../dist/bundle/main.cjs', import.meta.url))
process.argv.splice(2, Number.POSITIVE_INFINITY, 'assess', 'mrg/vault')
const script = runBundle(bundle)
process.once('exit', () => {
  writeFileSync(cacheOf(bundle), script.createCachedData())
  // What the command found in the model is not this script's business.
  process.exitCode = 0
})
