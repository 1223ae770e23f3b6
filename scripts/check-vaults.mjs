// Part of `npm run lint`: the pages of this repository's vaults are linked, and show what model and records say.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
for (const vault of ['mrg/vault', 'examples/shop/vault'])
  for (const command of [
    ['check', vault],
    ['sync', vault, '--check'],
  ]) {
    const { status } = spawnSync(process.execPath, ['bin/linchpin.js', 'vault', ...command], { stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
