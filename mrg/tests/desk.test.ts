import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findViolations, openBrowser } from '../../tests/browser.ts'
import { claimByKey, enter } from './desk-page.ts'
import { ask, createDeskWorld, type DeskWorld, TOKEN, WAIT } from './desk-world.ts'

// The dispatch desk as operators have it: real PostgreSQL, two gateways, a BBD that is down, and a real browser.

const DRIVER = { name: 'Joko Santoso', phone: '+62 811 222 333' }
const VEHICLE = { plate: 'B 1234 XYZ', kind: 'Sedan' }

let world: DeskWorld
const orders: string[] = []

beforeAll(async () => {
  world = await createDeskWorld()
  await world.lab('up')
  await world.lab('break', 'bbd', 'kill')
  for (const rider of ['Ayu Lestari', '<script>document.title = "stolen"</script>', 'Bagus', 'Citra', 'Dewi'])
    orders.push(await world.wantTaxi({ rider }))
}, 300_000)
afterAll(() => world?.dispose(), 120_000)

/** Again while an instance is at the order: that is no answer yet. */
async function actWhenFree(operator: string, question: string, body?: object) {
  return vi.waitFor(async () => {
    const reply = await world.ask(operator, question, body)
    expect(reply.body.code).not.toBe('being-tried')
    return reply
  }, WAIT)
}

const readQueue = async () => (await world.ask('Test', 'GET /queue')).body

describe('the API of the dispatch desk', () => {
  it('lets nobody in without the token and a name', async () => {
    const url = `${world.addresses.both}/desk/queue`
    const statuses = async (headers: Record<string, string>) => (await ask(url, { headers })).status
    const authorization = `Bearer ${TOKEN}`
    expect(await statuses({})).toBe(401)
    expect(await statuses({ authorization: 'Bearer wrong', 'x-operator': 'Sari' })).toBe(401)
    for (const name of ['', ' ', 'a'.repeat(41), 'Sari; drop']) {
      expect(await statuses({ authorization, 'x-operator': name })).toBe(400)
    }
    expect(await statuses({ authorization, 'x-operator': 'Sari 2' })).toBe(200)
  })

  it('shows the queue, oldest first', async () => {
    const { queue, depth, active } = await readQueue()
    expect(queue.map((order: { orderId: string }) => order.orderId)).toEqual(orders)
    expect({ depth, active }).toEqual({ depth: 5, active: [] })
    expect(queue[0]).toMatchObject({ state: 'MANUAL_QUEUE', claimedBy: null, heldNote: null, mayBeAtBbd: false })
  })

  it('gives an order to one of twenty who claim it at once, and a sentence to the others', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `Operator ${index}`)
    const path = `/orders/${orders[4]}`
    const replies = await vi.waitFor(async () => {
      const all = await Promise.all(names.map((name) => world.ask(name, `POST ${path}/claim`)))
      expect(all.some(({ body }) => body.code === 'being-tried')).toBe(false)
      return all
    }, WAIT)
    const winners = names.filter((_, index) => replies[index]?.status === 200)
    expect(winners).toHaveLength(1)
    for (const { status, body } of replies.filter(({ status }) => status !== 200)) {
      expect([status, body.code]).toEqual([409, 'claimed'])
      expect(body.detail).toContain(`${winners[0]} has this order until`)
    }
    const { audit } = (await world.ask('Test', `GET ${path}`)).body
    expect(audit.map(({ action, operator }: Record<string, string>) => [action, operator])).toEqual([
      ['claim', winners[0]],
    ])
    expect((await world.ask('Thief', `POST ${path}/release`)).status).toBe(409)
    expect((await world.ask(winners[0] ?? '', `POST ${path}/release`)).status).toBe(200)
  })

  it('assigns once, however often it is asked, and moves on only from there', async () => {
    const path = `/orders/${orders[4]}`
    const body = { driver: DRIVER, vehicle: VEHICLE }
    expect((await world.ask('Sari', `POST ${path}/assign`, body)).body.code).toBe('not-claimed')
    expect((await world.ask('Sari', `POST ${path}/complete`)).body.code).toBe('not-by-hand')
    await actWhenFree('Sari', `POST ${path}/claim`)
    const replies = await Promise.all(Array.from({ length: 8 }, () => world.ask('Sari', `POST ${path}/assign`, body)))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)])
    const ends = await Promise.all(
      ['complete', 'no-show', 'complete'].map((action) => world.ask('Sari', `POST ${path}/${action}`)),
    )
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect((await world.ask('Sari', `POST ${path}/cancel`, { reason: 'too late' })).status).toBe(409)
  })

  it('refuses bad input with nothing done', async () => {
    const path = `/orders/${orders[3]}`
    await actWhenFree('Sari', `POST ${path}/claim`)
    const bad = [
      { driver: DRIVER },
      { driver: { ...DRIVER, phone: 'call me' }, vehicle: VEHICLE },
      { driver: { ...DRIVER, name: '  ' }, vehicle: VEHICLE },
      { driver: DRIVER, vehicle: { ...VEHICLE, plate: 'B\n1234' } },
      { driver: DRIVER, vehicle: VEHICLE, state: 'DROP_OFF' },
    ]
    for (const body of bad) expect((await world.ask('Sari', `POST ${path}/assign`, body)).status).toBe(400)
    expect((await world.ask('Sari', `POST ${path}/cancel`, { reason: '' })).status).toBe(400)
    expect((await world.ask('Sari', 'GET /orders/nonsense')).status).toBe(400)
    expect((await world.ask('Sari', 'POST /orders/00000000-0000-4000-8000-000000000000/claim')).status).toBe(404)
    expect((await world.ask('Sari', 'GET /audit?limit=0')).status).toBe(400)
    expect((await world.ask('Sari', `POST ${path}/release`)).status).toBe(200)
    expect((await world.readDispatch(orders[3] ?? '')).state).toBe('MANUAL_QUEUE')
  })

  it('keeps a held order from being tried, and notes for the next shift', async () => {
    const path = `/orders/${orders[3]}`
    expect((await world.ask('Sari', `POST ${path}/hold`, { note: 'The rider calls back' })).status).toBe(200)
    await actWhenFree('Sari', `POST ${path}/claim`)
    expect((await world.ask('Sari', `POST ${path}/retry`)).body.code).toBe('held')
    expect((await world.ask('Budi', `POST ${path}/unhold`)).body.code).toBe('claimed')
    expect((await world.ask('Sari', `POST ${path}/release`)).status).toBe(200)
    expect((await world.ask('Sari', 'POST /retry-all')).body).toEqual({ count: 3 })
    await world.ask('Sari', 'POST /notes', { text: 'Citra calls back at nine.' })
    expect((await world.ask('Budi', 'GET /notes')).body.notes[0]).toMatchObject({ operator: 'Sari' })
    const { audit } = (await world.ask('Budi', 'GET /audit?limit=2')).body
    expect(audit.map(({ action }: Record<string, string>) => action)).toEqual(['note', 'retry-all'])
  })
})

describe('the page of the dispatch desk, with two operators', () => {
  let browser: Browser | undefined
  let sari: Page
  let budi: Page
  beforeAll(async () => {
    browser = await openBrowser()
    if (!browser) return
    sari = await enter(browser, 'Sari', world.addresses.first)
    budi = await enter(browser, 'Budi', world.addresses.both)
  }, 300_000)
  afterAll(() => browser?.close())

  it('shows an order that one has claimed to the other, who cannot take it', async ({ skip }) => {
    if (!browser) return skip()
    expect(await sari.locator('#queue .row').count()).toBe(4)
    await claimByKey(sari)
    await budi.locator(`#row-${orders[0]}`, { hasText: 'Sari has it' }).waitFor()
    await budi.keyboard.press('a')
    await budi.locator('#failed', { hasText: 'Sari has this order.' }).waitFor()
    expect(await budi.locator('dialog[open]').count()).toBe(0)
  })

  it('assigns by keyboard, and both see it without loading again', async ({ skip }) => {
    if (!browser) return skip()
    await sari.keyboard.press('a')
    await sari.locator('#field-driver').waitFor()
    await sari.keyboard.type(DRIVER.name)
    await sari.keyboard.press('Tab')
    await sari.keyboard.type(DRIVER.phone)
    await sari.keyboard.press('Tab')
    await sari.keyboard.type(VEHICLE.plate)
    await sari.keyboard.press('Enter')
    for (const page of [sari, budi]) {
      await page.locator(`#active #row-${orders[0]}`, { hasText: DRIVER.name }).waitFor()
      expect(await page.evaluate('window.isFirstLoad')).toBe(true)
    }
    expect(await world.readDispatch(orders[0] ?? '')).toMatchObject({
      state: 'OFFLINE_DISPATCH',
      driver: DRIVER,
      vehicle: VEHICLE,
    })
  })

  it('shows what riders are called as text', async ({ skip }) => {
    if (!browser) return skip()
    await budi.locator(`#row-${orders[1]}`, { hasText: '<script>document.title' }).waitFor()
    expect(await budi.title()).toContain('Dispatch desk')
    expect(await budi.locator('#queue script').count()).toBe(0)
  })

  it('holds, filters and helps by keyboard', async ({ skip }) => {
    if (!browser) return skip()
    await budi.keyboard.press('/')
    await budi.keyboard.type('citra')
    await budi.locator('#shown', { hasText: '1 of 3' }).waitFor()
    await budi.keyboard.press('Escape')
    await budi.locator('#shown', { hasText: /^3$/ }).waitFor()
    await budi.keyboard.press('?')
    await budi.locator('dialog .keys').waitFor()
    await budi.keyboard.press('Escape')
    await budi.locator('dialog[open]').waitFor({ state: 'detached' })
  })

  it('has no serious violation that axe finds, dark and light, wide and narrow, with and without a dialog', async ({
    skip,
  }) => {
    if (!browser) return skip()
    await sari.keyboard.press('n')
    await sari.locator('#field-text').waitFor()
    expect(await findViolations(sari)).toEqual([])
    await sari.keyboard.press('Escape')
    await sari.locator('dialog[open]').waitFor({ state: 'detached' })
    for (const colorScheme of ['dark', 'light'] as const) {
      await sari.emulateMedia({ colorScheme })
      for (const width of [1280, 390]) {
        await sari.setViewportSize({ width, height: 800 })
        expect(await findViolations(sari)).toEqual([])
        expect(await sari.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      }
    }
    await sari.setViewportSize({ width: 1280, height: 800 })
  })

  it('drains once BBD is back, but for what is held', async ({ skip }) => {
    await world.lab('mend', 'bbd')
    const isLeft = async () => (await readQueue()).queue.map((order: { orderId: string }) => order.orderId)
    await vi.waitFor(async () => expect(await isLeft()).toEqual([orders[3]]), WAIT)
    expect((await world.ask('Sari', `POST /orders/${orders[3]}/unhold`)).status).toBe(200)
    await vi.waitFor(async () => expect(await isLeft()).toEqual([]), WAIT)
    for (const orderId of orders.slice(1, 4)) expect((await world.readDispatch(orderId)).state).toMatch(/LOOK|EN_ROUTE/)
    if (!browser) return skip()
    for (const page of [sari, budi]) await page.locator('#queue-empty', { hasText: 'Nobody waits.' }).waitFor()
  }, 240_000)
})

describe('an order that BBD may have', () => {
  // It is in doubt for some seconds only: on a busy machine they may be over before somebody acts.
  const again = { retry: 2, timeout: 300_000 }
  it('is assigned by hand with a warning, and what BBD has of it is cancelled there', again, async () => {
    const { bbd, first } = world.addresses
    for (const fault of ['late', 'no-callbacks']) await ask(`${bbd}/faults/${fault}`, { method: 'DELETE' })
    const before = await world.wantTaxi({ at: first })
    await vi.waitFor(async () => expect((await world.readDispatch(before)).state).toMatch(/LOOK|EN_ROUTE/), WAIT)
    await ask(`${bbd}/faults/late`, { method: 'PUT', body: { delayMs: 20_000 } })
    await ask(`${bbd}/faults/no-callbacks`, { method: 'PUT', body: {} })
    const orderId = await world.wantTaxi({ at: first })
    await vi.waitFor(async () => {
      expect((await readQueue()).queue).toMatchObject([{ orderId, state: 'MANUAL_QUEUE', mayBeAtBbd: true }])
    }, WAIT)
    await actWhenFree('Sari', `POST /orders/${orderId}/claim`)
    const body = { driver: DRIVER, vehicle: VEHICLE }
    const { body: answer } = await world.ask('Sari', `POST /orders/${orderId}/assign`, body)
    expect(answer).toMatchObject({ order: { state: 'OFFLINE_DISPATCH' }, warning: expect.stringContaining('BBD') })
    for (const fault of ['late', 'no-callbacks']) await ask(`${bbd}/faults/${fault}`, { method: 'DELETE' })
    await vi.waitFor(async () => {
      const { orders: known } = (await ask(`${bbd}/books`)).body
      const ours = known.filter(({ reference }: { reference: string }) => reference === orderId)
      expect(ours.map(({ state }: { state: string }) => state)).toEqual(['CANCELLED'])
    }, WAIT)
    expect(await world.readDispatch(orderId)).toMatchObject({ state: 'OFFLINE_DISPATCH', driver: DRIVER })
  })
})
