// `npm run screenshots`: the pictures of the README, of the real pages over MRG's vault. Needs Debian's Chromium.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const SIGHTS = {
  overview: { path: '/' },
  map: { path: '/map?pick=bbd&fail=bbd:hang', scheme: 'dark' },
  roadmap: { path: '/roadmap' },
  runbook: { path: '/docs?page=RUNBOOK-TPG-BBD-Down', scheme: 'dark' },
}

process.chdir(new URL('..', import.meta.url).pathname)
mkdirSync('docs/images', { recursive: true })
const server = spawn(process.execPath, ['bin/linchpin.js', 'serve', 'mrg/vault', '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [line] = await once(server.stdout, 'data')
const address = /http:\S+/.exec(String(line))?.[0]
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const [name, { path, scheme = 'light' }] of Object.entries(SIGHTS)) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: scheme })
  await page.goto(address + path)
  await page.locator('main h1').first().waitFor()
  await page.getByLabel('Loading').first().waitFor({ state: 'detached' })
  // The map is drawn on a canvas, which has nothing to wait for.
  await page.waitForTimeout(1_000)
  await page.screenshot({ path: `docs/images/${name}.png` })
  await page.close()
}
await browser.close()
server.kill('SIGTERM')
await once(server, 'exit')
