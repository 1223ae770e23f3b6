// Packs each process of MRG into one file: it starts with a third of the work and half the memory. Part of set-up.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const dist = fileURLToPath(new URL('../mrg/dist/', import.meta.url))
const input = Object.fromEntries(
  ['services', 'simulators'].flatMap((group) =>
    readdirSync(dist + group)
      .map((name) => [name, `${dist}${group}/${name}/main.js`])
      .filter(([, file]) => existsSync(file)),
  ),
)
rmSync(`${dist}bundle`, { recursive: true, force: true })
// The workflow engine loads parts of itself by name, which a bundler cannot see.
const bundle = await rolldown({ input, platform: 'node', external: [/^@dbos-inc\//], logLevel: 'warn' })
await bundle.write({ dir: `${dist}bundle`, entryFileNames: '[name].mjs', chunkFileNames: 'shared-[hash].mjs' })
