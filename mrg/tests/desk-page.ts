import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { vi } from 'vitest'
import { TOKEN, WAIT } from './desk-world.ts'

// What the tests of the page of the dispatch desk do in a browser.

const CHROMIUM = '/usr/bin/chromium'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Undefined, with one line that says so, where there is no Chromium and none can be installed. */
export async function openBrowser(): Promise<Browser | undefined> {
  if (!existsSync(CHROMIUM) && process.getuid?.() === 0 && isDebian()) {
    const script = 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core'
    spawnSync('sh', ['-c', script], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  }
  if (existsSync(CHROMIUM))
    return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--headless'], timeout: 120_000 })
  process.stderr.write('No /usr/bin/chromium: the tests of the page of the dispatch desk are skipped.\n')
  return undefined
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
}

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

/** What axe finds that is serious. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${axe} }`)
  return page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + failureSummary).join(' | ')))`)
}
