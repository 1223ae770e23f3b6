import { expect, test } from 'vitest'
import { ask, baseEnvironment, listen } from '../world.ts'
import { createPriceManager } from './price-manager.ts'

const price = async (distanceM: unknown) => {
  const address = await listen(await createPriceManager(baseEnvironment()))
  return ask(address, 'POST /prices', { body: { product: 'taxi', distanceM, durationS: 600 } })
}

test.each([
  [0, 8_500],
  [1_000, 13_000],
  [10_739, 57_000],
])('a drive of %d m costs %d rupiah', async (distanceM, fareIdr) => {
  expect(await price(distanceM)).toEqual({ status: 200, body: { fareIdr } })
})

test('a distance that is none is refused', async () => {
  expect((await price('far')).status).toBe(400)
})
