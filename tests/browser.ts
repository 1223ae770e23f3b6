import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'

// What all tests of pages do with a browser.

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
  process.stderr.write('No /usr/bin/chromium: the tests of pages are skipped. On Debian: apt-get install chromium\n')
  return undefined
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/** What axe finds that is serious. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${axe} }`)
  return page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + failureSummary).join(' | ')))`)
}
