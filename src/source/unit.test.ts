import { describe, expect, it } from 'vitest'
import { didYouMean } from './did-you-mean.ts'
import { canonicalJson, digestOf } from './digest.ts'
import { formatDuration, parseDuration, parseRate } from './unit.ts'

describe('units', () => {
  it('a duration needs its unit', () => {
    expect(['30s', '1.5h', '250ms', '2d', '0s'].map(parseDuration)).toEqual([30_000, 5_400_000, 250, 172_800_000, 0])
    expect(['30', 's', '30 s', '-1s', '1e3s', '30sec', ''].map(parseDuration)).toEqual(Array(7).fill(undefined))
  })

  it('a rate is calls per time', () => {
    expect(['20/s', '300/m', '3600/h'].map(parseRate)).toEqual([20, 5, 1])
    expect(parseRate('20')).toBeUndefined()
  })

  it('durations for people have at most two units', () => {
    const written = [0, 250, 30_000, 240_000, 250_000, 5_400_000, 273_600_000].map(formatDuration)
    expect(written).toEqual(['0 s', '250 ms', '30 s', '4 min', '4 min 10 s', '1 h 30 min', '3 d 4 h'])
  })
})

describe('did you mean', () => {
  it('finds a slip of the fingers and leaves other words alone', () => {
    const known = ['pricing', 'payment', 'redis']
    expect(['pricng', 'rpicing', 'Redis', 'kafka'].map((name) => didYouMean(name, known))).toEqual([
      'pricing',
      'pricing',
      'redis',
      undefined,
    ])
  })
})

describe('digests', () => {
  it('do not depend on the order of keys, and do on every value', () => {
    expect(digestOf({ a: 1, b: [1, 2] })).toBe(digestOf({ b: [1, 2], a: 1, c: undefined }))
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }))
    expect(canonicalJson({ b: null, a: 'x' })).toBe('{"a":"x","b":null}')
  })
})
