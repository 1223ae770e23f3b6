import { describe, expect, it } from 'vitest'
import { findRecovery } from './recovery-time.ts'
import type { Sample } from './sample.ts'
import { summarise } from './summarise.ts'

/** One request every 100 ms, each answered after 10 ms: `o` ok, `d` degraded, `x` failed. */
function samplesOf(text: string): Sample[] {
  const outcomes = { o: 'ok', d: 'degraded', x: 'failed' } as const
  return [...text].map((letter, i) => ({
    load: 'users',
    atMs: i * 100,
    tookMs: 10,
    outcome: outcomes[letter as keyof typeof outcomes],
    detail: '',
  }))
}

function check(text: string, faultMs: number): unknown {
  const recovery = findRecovery(samplesOf(text), faultMs)
  return recovery.kind === 'recovered' ? recovery.rtoMs : recovery.kind
}

describe('the time to recover', () => {
  it('runs from the fault to the first answer of a run of served requests', () => {
    expect(check('oooxxxoooooooo', 250)).toBe(600 + 10 - 250)
  })
  it('counts degraded answers as served', () => {
    expect(check('oooxxxdddddddd', 250)).toBe(360)
  })
  it('is not ended by a lucky answer between failures', () => {
    expect(check('oooxoxxoooooooo', 250)).toBe(700 + 10 - 250)
  })
  it('is none when nobody was turned away', () => {
    expect(check('ooooooooo', 250)).toBe('uninterrupted')
  })
  it('ignores failures that were over before the fault', () => {
    expect(check('xooooooooo', 250)).toBe('uninterrupted')
  })
  it('is not claimed when the run is too short to tell', () => {
    expect(check('oooxxxoo', 250)).toBe('not-recovered')
  })
})

describe('the figures of a load', () => {
  it('count every request, and are nothing of none', async () => {
    expect(await summarise(samplesOf('oodx'))).toMatchObject({
      sent: 4,
      ok: 0.5,
      degraded: 0.25,
      failed: 0.25,
      served: 0.75,
    })
    expect(await summarise([])).toBeUndefined()
  })
  it('have percentiles to three digits', async () => {
    const samples = Array.from(
      { length: 1_000 },
      (_, i): Sample => ({ load: 'users', atMs: i, tookMs: i + 1, outcome: 'ok', detail: '' }),
    )
    const summary = await summarise(samples)
    for (const [name, value] of [
      ['p50', 500],
      ['p90', 900],
      ['p99', 990],
    ] as const)
      expect(Math.abs((summary?.[name] ?? 0) - value) / value).toBeLessThan(0.001)
  })
})
