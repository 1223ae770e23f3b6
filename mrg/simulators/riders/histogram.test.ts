import { expect, test } from 'vitest'
import { Histogram } from './histogram.ts'

test('percentiles are right within one per cent', () => {
  const histogram = new Histogram()
  for (let durationMs = 1; durationMs <= 10_000; durationMs += 1) histogram.add(durationMs)
  for (const share of [0.5, 0.95, 0.99]) {
    const exact = share * 10_000
    expect(Math.abs((histogram.percentileMs(share) ?? 0) - exact)).toBeLessThanOrEqual(0.01 * exact + 1)
  }
})

test('of nothing there is no percentile', () => {
  expect(new Histogram().percentileMs(0.5)).toBeNull()
})

test('two merged are as good as one', () => {
  const [low, high] = [new Histogram(), new Histogram()]
  low.add(10)
  for (const durationMs of [1_000, 1_000]) high.add(durationMs)
  low.merge(high)
  expect([low.percentileMs(0.3), low.percentileMs(0.5)]).toEqual([10, high.percentileMs(0.5)])
})
