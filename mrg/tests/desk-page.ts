import type { Browser, Page } from 'playwright-core'
import { vi } from 'vitest'
import { TOKEN, WAIT } from './desk-world.ts'

// What the tests of the page of the dispatch desk do in a browser.

/** Signs an operator in by keyboard, and waits for the queue and the line. */
export async function enter(browser: Browser, name: string, address: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(`${address}/desk/`)
  await page.locator('#field-operator').waitFor()
  await page.keyboard.type(name)
  await page.keyboard.press('Tab')
  await page.keyboard.type(TOKEN)
  await page.keyboard.press('Enter')
  await page.locator('#queue .row').first().waitFor()
  await page.locator('#live', { hasText: 'Live' }).waitFor()
  await page.evaluate('window.isFirstLoad = true')
  return page
}

/** Claims the selected order; again where an instance is just trying the order at BBD. */
export async function claimByKey(page: Page): Promise<void> {
  await vi.waitFor(async () => {
    await page.keyboard.press('Enter')
    await page.locator('#order-head .mine').waitFor({ timeout: 3_000 })
  }, WAIT)
}
