import { defineConfig } from 'vitest/config'

/** The tests of the breaker's state machine alone: mutants must fall to its sentences, and ten thousand histories a mutant take hours. */
export default defineConfig({ test: { include: ['guard/src/breaker/breaker.test.ts'] } })
