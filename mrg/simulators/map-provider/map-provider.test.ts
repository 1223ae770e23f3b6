import { expect, test } from 'vitest'
import { ask, baseEnvironment, listen } from '../world.ts'
import { createMapProvider } from './map-provider.ts'

const headers = { 'x-api-key': 'an API key' }
const monasToBlokM = 'GET /route?from=-6.1754,106.8272&to=-6.2444,106.7995'

const open = async (environment = baseEnvironment()) =>
  listen(await createMapProvider({ ...environment, NAME: 'here-maps', API_KEY: headers['x-api-key'] }))

test('the way between two places is always as long', async () => {
  const address = await open()
  for (const _ of ['once', 'again'])
    expect(await ask(address, monasToBlokM, { headers })).toEqual({
      status: 200,
      body: { distanceM: 10_739, durationS: 1_546 },
    })
})

test('strangers, and places that are none, are refused', async () => {
  const address = await open()
  expect((await ask(address, monasToBlokM)).status).toBe(401)
  for (const from of ['', 'here', '1', '1,2,3', '91,0', '0,181'])
    expect((await ask(address, `GET /route?from=${from}&to=0,0`, { headers })).status).toBe(400)
})

test('its books survive a restart', async () => {
  const environment = baseEnvironment()
  await ask(await open(environment), monasToBlokM, { headers })
  expect((await ask(await open(environment), 'GET /books')).body).toEqual({ routes: 1 })
})
