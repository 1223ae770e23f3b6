import { describe, expect, it } from 'vitest'
import { findSeries } from './read-metric.ts'

const TEXT = `# HELP guard_state whether it is open
# TYPE guard_state gauge
guard_state{dependency="stock",state="open"} 1
guard_state{dependency="bank",state="open"} 0
calls_total 1027 1395066363000
odd{text="a\\"b,c}"} 3
waits_bucket{le="+Inf"} +Inf
nothing NaN
`

describe('a series of Prometheus text', () => {
  it.each([
    ['guard_state{dependency="stock"}', [1]],
    ['guard_state', [1, 0]],
    ['guard_state{dependency="stock",state="closed"}', []],
    ['calls_total', [1027]],
    ['odd{text="a\\"b,c}"}', [3]],
    ['waits_bucket{le="+Inf"}', [Number.POSITIVE_INFINITY]],
    ['nothing', []],
    ['guard', []],
  ])('%s has the values %j', (series, expected) => {
    expect(findSeries(TEXT, series)).toEqual(expected)
  })
})
