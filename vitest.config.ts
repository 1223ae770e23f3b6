import { defineConfig } from 'vitest/config'

// Tests read sources, never `dist`: the `linchpin-source` condition must be set for both resolvers.
const conditions = ['linchpin-source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{src,guard,mrg,tests}/**/*.test.ts'],
    exclude: ['**/dist/**', '**/node_modules/**'],
    testTimeout: 60_000,
  },
})
