import { expect, it } from 'vitest'
import { backoffMs, shouldRestart } from './restart-policy.ts'

it('a process starts again by its policy; an unknown status is a failure', () => {
  const restarts = (when: 'always' | 'on-failure' | 'never') =>
    [0, 1, undefined].map((status) => shouldRestart(when, status))
  expect(restarts('always')).toEqual([true, true, true])
  expect(restarts('on-failure')).toEqual([false, true, true])
  expect(restarts('never')).toEqual([false, false, false])
})

it('the wait doubles up to ten seconds, and starts afresh after a long life', () => {
  const waits: number[] = []
  let failures = 0
  for (let i = 0; i < 9; i++) {
    const wait = backoffMs({ failures, ranMs: 5 })
    waits.push(wait.ms)
    failures = wait.failures
  }
  expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
  expect(backoffMs({ failures, ranMs: 10_000 })).toEqual({ failures: 1, ms: 100 })
})
