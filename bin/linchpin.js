#!/usr/bin/env node
// The door of the command line. It is committed, so that a rebuild never takes its run bit away; what it opens is
// compiled by `npm start` or `npm test`. The bundle starts in half the time of some hundred modules; after a compilation
// without bundling, the modules are newer and are used.
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runBundle } from './run-bundle.js'

const dist = new URL('../dist/', import.meta.url)
const bundle = new URL('bundle/main.cjs', dist)
const modules = new URL('cli/main.js', dist)

if (existsSync(modules)) {
  const isCurrent = existsSync(bundle) && statSync(bundle).mtimeMs >= statSync(new URL('.tsbuildinfo', dist)).mtimeMs
  if (isCurrent) runBundle(fileURLToPath(bundle))
  else await import(modules.href)
} else {
  process.stderr.write('linchpin is not set up yet. Run: npm start\n')
  process.exitCode = 2
}
