#!/usr/bin/env node
// The door of the command line. It is committed, so that a rebuild never takes its run bit away;
// what it opens is compiled by `npm start` or `npm test`.
import { existsSync } from 'node:fs'

const main = new URL('../dist/cli/main.js', import.meta.url)
if (existsSync(main)) {
  await import(main.href)
} else {
  process.stderr.write('linchpin is not set up yet. Run: npm start\n')
  process.exitCode = 2
}
