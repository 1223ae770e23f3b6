import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './browser.ts'
import { type Hub, startHub } from './hub-world.ts'
import { createWorld, type LabWorld } from './lab-world.ts'
import { button, createOpener, link } from './open-page.ts'

// What `npm start` promises somebody who has never seen it: MRG itself, its vault, and BBD that does not answer. The
// evidence goes to a copy of the vault.

const root = fileURLToPath(new URL('..', import.meta.url))
const WITHIN_MS = 420_000
const CLAIM = 'fallback:taxi-partner-gateway>bbd'

let world: LabWorld
let hub: Hub
const browser: Browser | undefined = await openBrowser()
const { open, errors } = createOpener(browser, () => hub.address)

beforeAll(async () => {
  if (!browser) return
  world = await createWorld(readFileSync(join(root, 'mrg/lab.yaml'), 'utf8'))
  symlinkSync(join(root, 'mrg/dist'), join(world.folder, 'dist'))
  cpSync(join(root, 'mrg/vault'), join(world.folder, 'vault'), { recursive: true })
  await world.up()
  // Fewer than `npm start` has: a browser shares the cores with them.
  await fetch(`http://127.0.0.1:${world.portBase + 7419}/rate`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ perSecond: 1 }),
  })
  hub = await startHub(world, ['--bind', '0.0.0.0'])
}, WITHIN_MS)
afterAll(async () => {
  await browser?.close()
  await hub?.end()
  await world?.dispose()
}, WITHIN_MS)

const listRecords = () => readdirSync(join(world.folder, 'vault/evidence')).filter((name) => name.endsWith('.json'))

/** In another tab, from Live: there the link is. */
async function openDesk(page: Page): Promise<Page> {
  const desk = await page.context().newPage()
  desk.setDefaultTimeout(60_000)
  await desk.goto(`${hub.address}/live`)
  await link(desk, 'Dispatch desk').click()
  await desk.locator('#field-operator').waitFor()
  await desk.keyboard.type('Sari')
  await desk.keyboard.press('Tab')
  await desk.keyboard.type('lab-operator')
  await desk.keyboard.press('Enter')
  await desk.locator('#live', { hasText: 'Live' }).waitFor()
  return desk
}

describe.skipIf(!browser)('a newcomer, signed in as operator', { timeout: WITHIN_MS }, () => {
  let page: Page

  it('sees what is at risk, and fails BBD on the map: nothing goes down', async () => {
    page = await open(/as operator, once: \S+(\/sign-in\?token=\S+)/.exec(hub.printed)?.[1] ?? '')
    await page.getByRole('heading', { name: /^MRG/ }).waitFor()
    await link(page, 'BBD').click()
    await link(page, 'Fail it').click()
    await page.waitForURL('**/map?*fail=bbd*')
    await page.getByText(/^Degraded \(/).waitFor()
    expect(await page.getByText(/^Down \(/).count()).toBe(0)
  })

  it('runs the drill, watches orders go to people and back to BBD, and reads the evidence it left', async () => {
    const before = listRecords()
    const desk = await openDesk(page)
    await link(page, 'Drills').click()
    await button(page, /^Run bbd-outage$/).click()
    await desk.locator('#queue .row').first().waitFor({ timeout: WITHIN_MS })
    const record = link(page, /\.json$/)
    await record.waitFor({ timeout: WITHIN_MS })
    await desk.locator('#queue-empty', { hasText: 'Nobody waits.' }).waitFor({ timeout: 120_000 })
    const left = listRecords().filter((name) => !before.includes(name))
    expect(left.map((name) => `evidence/${name}`)).toEqual([await record.textContent()])
    await record.click()
    await page.getByText('bbd-outage').first().waitFor()
    await page.goto(`${hub.address}/evidence?claim=${encodeURIComponent(CLAIM)}`)
    // What it found out is the machine's to say: a busy one may refute the guard.
    await page
      .getByText(/^(supported|refuted|unknown)$/)
      .first()
      .waitFor()
    expect(hub.audit()).toMatchObject([
      { by: expect.stringMatching(/^operator/), did: 'run drill bbd-outage', outcome: 'started' },
      { by: expect.stringMatching(/^operator/), did: 'run drill bbd-outage' },
    ])
    expect(errors).toEqual([])
  })
})
