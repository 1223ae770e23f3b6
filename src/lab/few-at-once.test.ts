import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fewAtOnce } from './few-at-once.ts'

it('gives the result of each item in its place, and never works on more than the limit at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat()), fc.integer({ min: 1, max: 5 }), async (items, limit) => {
      let running = 0
      let most = 0
      const results = await fewAtOnce(items, limit, async (item) => {
        most = Math.max(most, ++running)
        for (let i = 0; i < item % 3; i++) await Promise.resolve()
        running--
        return item * 2
      })
      expect(results).toEqual(items.map((item) => item * 2))
      expect(most).toBeLessThanOrEqual(limit)
    }),
  )
})

it('rejects when one of them does', async () => {
  const work = async (n: number) => {
    if (n === 2) throw new Error('two')
    return n
  }
  await expect(fewAtOnce([1, 2, 3], 2, work)).rejects.toThrow('two')
})
