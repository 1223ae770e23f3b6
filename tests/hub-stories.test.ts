import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { findViolations, openBrowser } from './browser.ts'
import { createHubWorld, type HubWorld, keepRecord } from './hub-world.ts'
import { button, createOpener, link, tabTo } from './open-page.ts'

vi.setConfig({ testTimeout: 180_000 })

// What people come for, from beginning to end: a real browser, a real server, the real shop.

const CLAIM = 'guard:shop>stock'
const TOKEN = 'a-token-of-this-test'
const HOSTILE = `# Hostile
\`\`\`mermaid
flowchart LR
  a["<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"] --> b
  click a href "javascript:window.hacked=1"
\`\`\`
\`\`\`mermaid
nothing that Mermaid knows
\`\`\`
`
const GREETING = `---
type: runbook
component: shop
prompts:
  who: { ask: "Who is greeted?", pattern: "[A-Z][a-z]+" }
  how: { ask: "How?", one-of: [softly, loudly], default: softly }
---
# A greeting

Says hello, and waits for a person.

\`\`\`bash {step=hello}
echo hello {{who}}, {{how}}
\`\`\`

\`\`\`manual {step=wave}
Wave.
\`\`\`
`

let hub: HubWorld
const browser: Browser | undefined = await openBrowser()
const { open, errors, closeAll } = createOpener(browser, () => hub.address)

beforeAll(async () => {
  hub = await createHubWorld({ live: `alertmanager: { token: ${TOKEN} }\n` })
  writeFileSync(join(hub.folder, 'vault/runbooks/hostile.md'), HOSTILE)
  writeFileSync(join(hub.folder, 'vault/runbooks/RUNBOOK-Greeting.md'), GREETING)
  await keepRecord(hub, CLAIM)
  await hub.up()
}, 120_000)
afterEach(() => closeAll())
afterAll(async () => {
  await browser?.close()
  await hub?.dispose()
}, 120_000)

async function runDrill(page: Page): Promise<void> {
  await button(page, 'Run stock-hangs').click()
  await link(page, /\.json$/).waitFor({ timeout: 120_000 })
}

describe.skipIf(!browser)('somebody who plans', () => {
  it('sees in which week evidence stops counting, and follows it to the drill that renews it', async () => {
    const page = await open('/')
    await page.getByText('Evidence about to expire').waitFor()
    await link(page, 'What expires when').click()
    await page
      .getByRole('heading', { name: /^Week of \d{4}-\d\d-\d\d$/ })
      .first()
      .waitFor()
    expect(await findViolations(page)).toEqual([])
    await page
      .getByRole('row', { name: /guard:shop>stock/ })
      .getByRole('link', { name: 'stock-hangs' })
      .click()
    await page.waitForURL('**/drills?drill=stock-hangs')
  })
})

describe.skipIf(!browser)('somebody who is new here', () => {
  it('sees what is at risk, fails a component on the map, runs the drill, and reads the evidence it left', async () => {
    const page = await open('/')
    await page.locator('h1').first().waitFor()
    await link(page, 'Map').click()
    await page.waitForURL('**/map')
    await page.goto(`${hub.address}/map?pick=stock`)
    await button(page, 'Let it hang').click()
    await page
      .getByText(/^Degraded \(|^Down \(/)
      .first()
      .waitFor()
    const live = await open('/live')
    await live.getByText('Nothing is down').first().waitFor()
    await link(page, 'Drills').click()
    const ended = runDrill(page)
    // While it runs, Live shows what hangs, and which business that takes.
    await live.getByRole('alert').getByText(/hangs/).first().waitFor()
    await live.getByText('Order something: Down, 30 % of business').waitFor()
    await ended
    await link(page, /\.json$/).click()
    await page
      .getByText(/stock-hangs/)
      .first()
      .waitFor()
    await page.goto(`${hub.address}/evidence?claim=${encodeURIComponent(CLAIM)}`)
    // What it found out is the machine's to say: a busy one may refute the guard.
    await page
      .getByText(/^(supported|refuted|unknown)$/)
      .first()
      .waitFor()
    await page
      .getByRole('row', { name: /stock-hangs/ })
      .first()
      .waitFor()
  })

  it('puts two runs side by side: figures, and what was measured from the fault on', async () => {
    const page = await open('/drills')
    await runDrill(page)
    await page.goto(`${hub.address}/drills`)
    await page.getByText('Runs: 3').waitFor()
    await page.locator('a[href="/compare?drill=stock-hangs"]').last().click()
    await page
      .getByRole('row', { name: /^served/ })
      .first()
      .waitFor()
    await page.getByRole('img', { name: /visitors served %, first, visitors served %, second/ }).waitFor()
    const options = await page.getByLabel('second').locator('option').count()
    expect(options).toBe(3)
    expect(await findViolations(page)).toEqual([])
  })
})

describe.skipIf(!browser)('somebody without a mouse', () => {
  it('finds a component, fails it, and reads who is hit', async () => {
    const page = await open('/')
    await page.locator('h1').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('textbox').waitFor()
    await page.keyboard.type('stock')
    await page.getByRole('dialog').getByText('Component', { exact: true }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/component/stock')
    await link(page, 'Fail it').waitFor()
    await tabTo(page, /^Fail it$/)
    await page.keyboard.press('Enter')
    await page
      .getByText(/^Down \(|^Degraded \(/)
      .first()
      .waitFor()
  })

  it('answers what a runbook asks, stops it, and goes on where it was', async () => {
    const page = await open('/runbooks')
    await button(page, 'Run RUNBOOK-Greeting').waitFor()
    await tabTo(page, /^Run RUNBOOK-Greeting$/)
    await page.keyboard.press('Enter')
    await page.getByLabel('Who is greeted?').waitFor()
    await page.getByLabel('Who is greeted?').focus()
    await page.keyboard.type('Rani')
    await page.keyboard.press('Enter')
    await page.getByText('hello Rani, softly').first().waitFor()
    await page.getByRole('group', { name: 'waits for an answer' }).waitFor()
    await tabTo(page, /^Stop, to go on later$/)
    await page.keyboard.press('Enter')
    await page.getByText(/RUNBOOK-Greeting · stopped/).waitFor()
    await page.getByText(/Stopped before its end: .* 1 steps done/).waitFor()
    await tabTo(page, /^Go on: A greeting/)
    await page.keyboard.press('Enter')
    await page.getByRole('group', { name: 'waits for an answer' }).waitFor()
    await tabTo(page, /^done$/)
    await page.keyboard.press('Enter')
    await page.getByText(/RUNBOOK-Greeting · finished/).waitFor()
    expect(hub.audit().filter(({ did }) => /page RUNBOOK-Greeting$/.test(did))).toMatchObject([
      { did: 'run page RUNBOOK-Greeting', outcome: 'started' },
      { did: 'stop page RUNBOOK-Greeting' },
      { did: 'run page RUNBOOK-Greeting', outcome: 'stopped' },
      { did: 'resume page RUNBOOK-Greeting', outcome: 'started' },
      { did: 'resume page RUNBOOK-Greeting', outcome: 'finished' },
    ])
  })

  it('is told what does not fit before anything is begun', async () => {
    const page = await open('/runbooks', { locale: 'id-ID' })
    await button(page, 'Jalankan RUNBOOK-Greeting').click()
    const form = page.getByRole('form', { name: 'Yang ditanyakan' })
    await form.getByLabel('Who is greeted?').fill('rani')
    await page.evaluate('document.querySelector("form").noValidate = true')
    await form.getByRole('button', { name: 'Mulai' }).click()
    await form.getByRole('alert').getByText('who has to match [A-Z][a-z]+.').waitFor()
    expect(await findViolations(page)).toEqual([])
  })
})

describe.skipIf(!browser)('somebody who reads', () => {
  it('begins at the index of the vault, and sees its diagrams', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open('/docs', { colorScheme })
      await page.locator('.doc h1').getByText('The shop').waitFor()
      const drawn = page.locator('.doc .diagram img')
      await drawn.first().waitFor()
      expect(
        await drawn.first().evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      ).toBeGreaterThan(50)
      await page.getByText('runbooks', { exact: true }).first().waitFor()
      expect([colorScheme, await findViolations(page)]).toEqual([colorScheme, []])
    }
  })

  it('is not harmed by what a diagram says, and told which cannot be drawn', async () => {
    const page = await open('/docs?page=runbooks%2Fhostile.md')
    await page
      .getByRole('alert')
      .getByText(/This diagram cannot be drawn/)
      .waitFor()
    await page.locator('.doc .diagram img').first().waitFor()
    expect(await page.evaluate('window.hacked')).toBeUndefined()
    expect(await page.locator('.doc a[href^="javascript"], .doc script, .doc svg').count()).toBe(0)
    await page.getByText('The text of the diagram').first().click()
    await page.locator('.doc code').getByText('onerror').first().waitFor()
  })
})

describe.skipIf(!browser)('at three in the morning', () => {
  it('an alert shows what it is about and leads to the runbook', async () => {
    const page = await open('/live', { viewport: { width: 390, height: 844 } })
    const labels = { alertname: 'ErrorRateHigh', component: 'stock', severity: 'critical' }
    const body = JSON.stringify({
      version: '4',
      alerts: [{ status: 'firing', labels, annotations: { summary: '<b>5 %</b>' } }],
    })
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    expect((await hub.ask('/api/alerts', { method: 'POST', headers, body })).status).toBe(200)
    await page.getByRole('heading', { name: 'Alerts that fire' }).waitFor()
    await page.getByText('<b>5 %</b>').waitFor()
    expect(await findViolations(page)).toEqual([])
    await link(page, 'RUNBOOK-Stock-Down').click()
    await page.waitForURL('**/runbooks?runbook=RUNBOOK-Stock-Down')
  })

  it('had no error in any page', () => {
    // One answer was refused on purpose, and browsers note every such answer.
    expect(errors.filter((text) => !text.includes('409'))).toEqual([])
  })
})
