// What a reader's browser takes: until the first page means something, and while the map is moved and failed.
import { chromium } from 'playwright-core'

const ROUNDS = 5
const PAN_STEPS = 60
/** In the page, before anything of it: every task over 50 ms, and when the heading of the page was painted. */
const WATCH = `
  window.tasks = []
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask', buffered: true })
  const look = () => document.querySelector('main h1') ? requestAnimationFrame(() => (window.meantAt = performance.now())) : requestAnimationFrame(look)
  requestAnimationFrame(look)`

const MEANT = `new Promise((done) => {
  const look = () => (window.meantAt === undefined ? setTimeout(look, 5) : done(window.meantAt))
  look()
})`

export async function openChromium() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--headless'] })
}

/**
 * Milliseconds from the navigation to the first sight of what is at risk, each in a browser that knows nothing yet: by
 * the clock, and in rounds of their own, because watching costs time too, what the page's main thread had of the
 * processor until then.
 */
export async function measureFirstPaint(browser, address) {
  await openFirstPage(browser, address)
  const times = []
  const cpuTimes = []
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await openFirstPage(browser, address))
    let tasks = []
    await openFirstPage(browser, address, {
      before: (page) => startTracing(browser, page),
      after: async () => {
        tasks = await stopTracing(browser)
      },
    })
    cpuTimes.push(tasks.filter(({ name }) => name === 'RunTask').reduce((sum, { cpuMs }) => sum + cpuMs, 0))
  }
  const sorted = (all) => all.sort((a, b) => a - b)
  return { times: sorted(times), cpuTimes: sorted(cpuTimes) }
}

async function openFirstPage(browser, address, { before, after } = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  await page.addInitScript(WATCH)
  await before?.(page)
  await page.goto(address)
  const time = await page.evaluate(MEANT)
  await after?.()
  await context.close()
  return time
}

/** Tasks over 50 ms while the map is moved, enlarged and made smaller, and while components on it fail. */
export async function measureMap(browser, address, components) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  await page.addInitScript(WATCH)
  await page.goto(`${address}/map?pick=${components[0]}`)
  await page.getByRole('button', { name: 'Fail it' }).waitFor()
  await page.waitForTimeout(2_000)
  const moving = await tasksDuring(browser, page, () => move(page))
  const failing = await tasksDuring(browser, page, () => fail(page, components))
  await context.close()
  return { moving, failing }
}

/** By the clock, as a reader has them; and the longest in the processor's own time, which a busy machine does not stretch. */
async function tasksDuring(browser, page, act) {
  await page.evaluate('window.tasks.length = 0')
  await startTracing(browser, page)
  await act()
  await page.waitForTimeout(500)
  const tasks = await stopTracing(browser)
  return {
    tasks: await page.evaluate('window.tasks'),
    longestCpuMs: tasks.reduce((longest, { cpuMs }) => Math.max(longest, cpuMs), 0),
  }
}

function startTracing(browser, page) {
  return browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] })
}

/** What the main thread of the page did, in the processor's own time. */
async function stopTracing(browser) {
  const { traceEvents } = JSON.parse(String(await browser.stopTracing()))
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const threads = new Set(mains.map(({ pid, tid }) => `${pid} ${tid}`))
  const own = traceEvents.filter(({ pid, tid, tdur }) => tdur !== undefined && threads.has(`${pid} ${tid}`))
  return own.map(({ name, tdur }) => ({ name, cpuMs: tdur / 1_000 }))
}

async function move(page) {
  const { x, y, width, height } = await page.locator('.map').boundingBox()
  const [left, top] = [x + width / 2, y + height * 0.9]
  await page.mouse.move(left, top)
  await page.mouse.down()
  for (let step = 0; step < PAN_STEPS; step++)
    await page.mouse.move(left + 200 * Math.sin(step / 6), top - 100 + 100 * Math.cos(step / 6))
  await page.mouse.up()
  for (const by of [-200, -200, 200, 200, 200, -200]) {
    await page.mouse.wheel(0, by)
    await page.waitForTimeout(100)
  }
}

async function fail(page, components) {
  for (const _ of components.slice(0, 3)) {
    await page.getByRole('button', { name: 'Fail it' }).click()
    await page.locator('[aria-live="polite"]').first().waitFor()
    await page.getByRole('button', { name: 'Mend all' }).click()
    await page.locator('[aria-live="polite"]').first().waitFor({ state: 'detached' })
  }
}
