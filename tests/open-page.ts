import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export interface Opener {
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>
  /** Every error of a page fails the test that looks at this last. */
  readonly errors: readonly string[]
  readonly closeAll: () => Promise<unknown>
}

/** Opens pages of a hub, each in a browser of its own. */
export function createOpener(browser: Browser | undefined, address: () => string): Opener {
  const errors: string[] = []
  return {
    errors,
    async open(path, options = {}) {
      const context = await (browser as Browser).newContext({ viewport: { width: 1366, height: 768 }, ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      page.on('pageerror', ({ message }) => errors.push(message))
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      await page.goto(address() + path)
      return page
    },
    closeAll: () => Promise.all((browser?.contexts() ?? []).map((context) => context.close())),
  }
}

export const link = (page: Page, name: string | RegExp) => page.getByRole('link', { name }).first()
export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
/** Moves the focus on, as a reader without a mouse does, until it is there. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(
      'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
    )
    if (name.test(String(focused))) return
  }
  throw new Error(`Tab leads to nothing called ${name}`)
}
