import { defineConfig } from 'vitest/config'

// Tests read sources, never `dist`: the `linchpin-source` condition must be set for both resolvers.
const conditions = ['linchpin-source', 'module', 'node', 'development|production']

// Those that start whole platforms: one at a time, after all others, because they share the cores with what they start.
const labs = ['tests/{lab,drill,mrg,hub,runbook-}*.test.ts', 'mrg/tests/{desk,called-off,cache,events}.test.ts']
// Minutes each, so not part of `npm test`: `npm run test:runbooks`.
const long = ['tests/{runbooks,newcomer}.test.ts']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: ['{src,guard,mrg,tests}/**/*.test.ts'],
          exclude: ['**/dist/**', '**/node_modules/**', ...labs, ...long],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'labs', include: labs, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'long', include: long, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
