import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { findViolations, openBrowser } from './browser.ts'
import { createHubWorld, type HubWorld } from './hub-world.ts'
import { createOpener } from './open-page.ts'

vi.setConfig({ testTimeout: 180_000 })

// The hub as people see it: a real browser, a real server, the real shop.

let hub: HubWorld
const browser: Browser | undefined = await openBrowser()

beforeAll(async () => {
  hub = await createHubWorld()
  await hub.up()
}, 120_000)
afterEach(() => closeAll())
afterAll(async () => {
  await browser?.close()
  await hub?.dispose()
}, 120_000)

const { open, errors, closeAll } = createOpener(browser, () => hub.address)
const title = (page: Page) => page.locator('h1').first()

describe.skipIf(!browser)('the hub', () => {
  it('shows what is at risk without scrolling: the three groups, as proved within what is claimed', async () => {
    const page = await open('/')
    await title(page).waitFor()
    expect(await title(page).textContent()).toContain('shop')
    const bar = page.getByRole('img', { name: /proved .* claimed/ }).first()
    const box = await bar.boundingBox()
    expect(box && box.y + box.height).toBeLessThan(768)
  })

  it('shows what the page brought without asking for it, and asks once the vault has changed', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Live' }).waitFor()
    const countAsked = () =>
      page.evaluate(`performance.getEntriesByType('resource').filter(({ name }) => /overview$/.test(name)).length`)
    expect(await countAsked()).toBe(0)
    const file = join(hub.folder, 'vault/system/shop.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^system: shop$/m, 'system: shop\ntitle: The other shop'))
    await title(page).getByText('The other shop').waitFor()
    expect(await countAsked()).toBe(1)
  })

  it('is led by the keyboard alone: Ctrl K, a few letters, Enter', async () => {
    const page = await open('/')
    await title(page).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('textbox').waitFor()
    await page.keyboard.type('road')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/roadmap')
    await page.keyboard.press('/')
    await page.getByRole('dialog').getByRole('textbox').waitFor()
    await page.keyboard.type('stock')
    // Components are there once they are read.
    await page.getByRole('dialog').getByText('Component', { exact: true }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/component/stock')
  })

  it('fails a component on the map, says who is hit, and keeps the sight in the address', async () => {
    const page = await open('/map?pick=stock')
    await page.getByRole('button', { name: 'Fail it' }).click()
    await page
      .getByText(/^Down \(|^Degraded \(|Every flow still works/)
      .first()
      .waitFor()
    expect(page.url()).toContain('fail=stock')
    const again = await open(page.url().replace(hub.address, ''))
    await again
      .getByText(/^Down \(|^Degraded \(|Every flow still works/)
      .first()
      .waitFor()
  })

  it('shows a part that was killed, who is hit, and that it came back', async () => {
    const page = await open('/live')
    await page.getByText('Nothing is down').waitFor()
    await hub.breakPart('stock', 'kill')
    await page.getByRole('alert').getByText(/stock/i).first().waitFor()
    await page.getByText('Who is hit').waitFor()
    await hub.mendPart()
    await page.getByText('Nothing is down').waitFor()
  })

  it('runs a drill, shows its timeline and verdict, and the record it left', async () => {
    const page = await open('/drills')
    await page.getByRole('button', { name: 'Run stock-hangs' }).click()
    await page
      .getByText(/mended|undone|hang/)
      .first()
      .waitFor()
    await page.getByRole('link', { name: /\.json$/ }).waitFor({ timeout: 120_000 })
    expect(hub.audit()).toMatchObject([
      { by: 'local', did: 'run drill stock-hangs', outcome: 'started' },
      { by: 'local', did: 'run drill stock-hangs' },
    ])
    await page.getByRole('link', { name: /\.json$/ }).click()
    await page.getByText('stock-hangs').first().waitFor()
  })

  it('carries a runbook out, asks, and shows two people the same', async () => {
    // The page names the ports of the shop; here they are others.
    const page = join(hub.folder, 'vault/runbooks/RUNBOOK-Stock-Down.md')
    const moved = readFileSync(page, 'utf8').replace(/760[01](?=[,\s}])/g, (port) =>
      String(Number(port) + hub.portBase),
    )
    writeFileSync(page, moved)
    await hub.breakPart('stock', 'kill')
    const [one, other] = [await open('/runbooks'), await open('/runbooks')]
    await one.getByRole('button', { name: 'Run RUNBOOK-Stock-Down' }).click()
    const group = one.getByRole('group', { name: 'waits for an answer' })
    for (let asked = 0; asked < 20; asked++) {
      await one
        .getByText(/waits for an answer|· (finished|aborted|stopped)/)
        .first()
        .waitFor()
      if ((await group.count()) === 0) break
      const text = (await group.textContent()) ?? ''
      if (text.includes('failed')) await hub.mendPart()
      await other.getByRole('group', { name: 'waits for an answer' }).waitFor()
      await group.getByRole('button').first().click()
      const isAnswered = async () => (await group.count()) === 0 || (await group.textContent()) !== text
      await expect.poll(isAnswered, { timeout: 30_000 }).toBe(true)
    }
    for (const sight of [one, other]) await sight.getByText(/RUNBOOK-Stock-Down · finished/).waitFor()
    expect(hub.audit().at(-1)).toMatchObject({ did: 'run page RUNBOOK-Stock-Down', outcome: 'finished' })
  })

  it('reads the vault: a page, its links and a search with a typing error', async () => {
    const page = await open('/docs')
    await page.locator('.doc h1').waitFor()
    await page.getByRole('textbox').fill('stcok')
    await page.getByRole('link', { name: /stock/i }).first().click()
    await page.locator('.doc').getByText(/stock/i).first().waitFor()
  })

  it('speaks Indonesian to a browser that does, and switches', async () => {
    const page = await open('/', { locale: 'id-ID' })
    await page.getByRole('heading', { name: 'Layanan' }).waitFor()
    await page.getByRole('button', { name: /English/ }).click()
    await page.getByRole('heading', { name: 'Services' }).waitFor()
  })

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 } }],
  ] as const)(
    'has no page that somebody cannot use: %s',
    async (_name, options) => {
      for (const path of [
        '/',
        '/live',
        '/map?pick=stock',
        '/component/stock',
        '/drills',
        '/compare?drill=stock-hangs',
        '/runbooks',
        '/evidence',
        '/evidence?view=calendar',
        '/roadmap',
        '/docs',
      ]) {
        const page = await open(path, options)
        await page.locator('main').locator('h1, p, nav').first().waitFor()
        await page.getByLabel('Loading').first().waitFor({ state: 'detached' })
        expect([path, await findViolations(page)]).toEqual([path, []])
        const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
        expect([path, overflow]).toEqual([path, 0])
        await page.context().close()
      }
    },
    300_000,
  )

  it('had no error in any page', () => {
    expect(errors).toEqual([])
  })
})
