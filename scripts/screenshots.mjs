// `npm run screenshots`: the pictures of the README, of MRG's own lab while BBD does not answer. Needs Debian's Chromium,
// and three minutes. Everything happens in a copy: the evidence of the drill is not kept.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const PORT_BASE = 9_000
const WITHIN_MS = 300_000

process.chdir(new URL('..', import.meta.url).pathname)
mkdirSync('docs/images', { recursive: true })
const folder = mkdtempSync(join(tmpdir(), 'linchpin-screenshots-'))
for (const name of ['lab.yaml', 'vault']) cpSync(join('mrg', name), join(folder, name), { recursive: true })
symlinkSync(join(process.cwd(), 'mrg/dist'), join(folder, 'dist'))
await once(linchpin('lab', 'up', folder), 'exit')
// Fewer riders than `npm start` has: a browser shares the cores with them.
await fetch(`http://127.0.0.1:${7419 + PORT_BASE}/rate`, {
  method: 'PUT',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ perSecond: 2 }),
})
const server = linchpin('serve', join(folder, 'vault'), '--port', '0')
try {
  const [line] = await once(server.stdout, 'data')
  await takePictures(/http:\S+/.exec(String(line))?.[0])
} finally {
  server.kill('SIGTERM')
  await once(server, 'exit')
  await once(linchpin('lab', 'down', folder), 'exit')
  rmSync(folder, { recursive: true, force: true })
}

async function takePictures(address) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  const openPage = async (url, colorScheme) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme })
    page.setDefaultTimeout(WITHIN_MS)
    await page.goto(url)
    return page
  }
  const live = await openPage(`${address}/live`, 'light')
  await live.getByRole('heading', { name: 'Nothing is down' }).waitFor()
  const overview = await openPage(address, 'light')
  await take(overview, 'overview')
  await take(await openPage(`${address}/map?pick=bbd&fail=bbd:hang`, 'dark'), 'map')
  const drills = await openPage(`${address}/drills`, 'light')
  await drills.getByRole('button', { name: 'Run bbd-outage', exact: true }).click()
  const desk = await openPage(`http://localhost:${7405 + PORT_BASE}/desk/`, 'dark')
  await desk.locator('#field-operator').fill('Sari')
  await desk.keyboard.press('Tab')
  await desk.keyboard.type('lab-operator')
  await desk.keyboard.press('Enter')
  await desk.locator('#queue .row').nth(4).waitFor()
  await take(desk, 'desk')
  await drills.getByRole('link', { name: /\.json$/ }).waitFor()
  await take(drills, 'drill')
  await browser.close()
}

async function take(page, name) {
  await page.locator('h1').first().waitFor()
  await page.getByLabel('Loading').first().waitFor({ state: 'detached' })
  // Maps and timelines are drawn on a canvas, which has nothing to wait for.
  await page.waitForTimeout(1_000)
  await page.screenshot({ path: `docs/images/${name}.png` })
}

function linchpin(...args) {
  const env = { ...process.env, LINCHPIN_PORT_BASE: String(PORT_BASE) }
  return spawn(process.execPath, ['bin/linchpin.js', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
}
