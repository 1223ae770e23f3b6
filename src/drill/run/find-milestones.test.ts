import { expect, it } from 'vitest'
import { findMilestones } from './find-milestones.ts'

const look = (atMs: number, value: number | undefined) => ({ atMs, value, reason: undefined })

it('a milestone is the first look above the last one before the fault', () => {
  const looks = { led: [look(0, 3), look(90, 4), look(200, 4), look(450, 5), look(500, 6)] }
  expect(findMilestones(['led'], { looks, faultMs: 100 })).toEqual({ led: 350 })
})

it('one that was never reached is left out, as one that nobody could look at', () => {
  const looks = { led: [look(0, 3), look(200, 3)], seen: [look(200, undefined)] }
  expect(findMilestones(['led', 'seen'], { looks, faultMs: 100 })).toEqual({})
})

it('without a fault there is none', () => {
  expect(findMilestones(['led'], { looks: { led: [look(5, 1)] }, faultMs: undefined })).toEqual({})
})
