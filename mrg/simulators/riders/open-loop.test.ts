import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../world.ts'
import { createOpenLoop } from './open-loop.ts'

function open(options: { perSecond: number; inFlightMax: number; start: () => Promise<void> }) {
  const counts = { started: 0, shed: 0 }
  const loop = createOpenLoop({
    ...options,
    start: () => {
      counts.started += 1
      return options.start()
    },
    onShed: () => {
      counts.shed += 1
    },
  })
  onTestFinished(() => loop.stop())
  return { loop, counts }
}

test('no more than the limit are under way; what finds no room is counted', async () => {
  const { loop, counts } = open({ perSecond: 500, inFlightMax: 3, start: () => new Promise(() => undefined) })
  await eventually(() => expect(counts.shed).toBeGreaterThanOrEqual(5))
  expect(counts.started).toBe(3)
  expect(loop.inFlight).toBe(3)
})

test('a loop that was held up makes up for one second and counts the rest as shed', async () => {
  const { counts } = open({ perSecond: 100, inFlightMax: 10_000, start: async () => undefined })
  const resumesAtMs = performance.now() + 1_500
  while (performance.now() < resumesAtMs);
  await eventually(() => expect(counts.shed).toBeGreaterThan(0))
  expect(counts.started + counts.shed).toBeGreaterThanOrEqual(150)
  expect(counts.shed).toBeGreaterThanOrEqual(40)
})

test('rate 0 stops it, and another rate starts it again', async () => {
  const { loop, counts } = open({ perSecond: 0, inFlightMax: 10, start: async () => undefined })
  expect(counts.started).toBe(0)
  loop.setRate(500)
  await eventually(() => expect(counts.started).toBeGreaterThanOrEqual(5))
  loop.setRate(0)
  expect(loop.perSecond).toBe(0)
})
