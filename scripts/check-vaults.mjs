// Part of `npm run lint`: the pages of this repository's vaults are linked, and show what model and records say; its
// runbooks can be run, and name what the model has.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
for (const vault of ['mrg/vault', 'examples/shop/vault'])
  for (const command of [
    ['vault', 'check', vault],
    ['vault', 'sync', vault, '--check'],
    ['runbook', 'list', vault],
  ]) {
    const { status } = spawnSync(process.execPath, ['bin/linchpin.js', ...command], { stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
