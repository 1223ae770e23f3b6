import type { Logger } from 'pino'

const AFTER_ERROR_MS = 1_000

/** Things to do at their time, a bounded number of them at once; what is due and finds no room waits in line. */
export interface Agenda<Item> {
  add(item: Item, inMs: number): void
  stop(): void
}

/**
 * Performs each item when it is due. `perform` says in how many milliseconds the item comes again, if at all; one that
 * rejects comes again in a second. What is on the agenda when the process dies has to be in somebody's books.
 */
export function createAgenda<Item>(options: {
  perform: (item: Item) => Promise<number | undefined>
  atOnceMax: number
  log: Logger
}): Agenda<Item> {
  const timers = new Set<NodeJS.Timeout>()
  const line: Item[] = []
  let running = 0
  let isStopped = false

  function add(item: Item, inMs: number): void {
    if (isStopped) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      line.push(item)
      takeFromLine()
    }, inMs)
    timers.add(timer)
  }

  function takeFromLine(): void {
    while (running < options.atOnceMax && !isStopped) {
      const item = line.shift()
      if (item === undefined) return
      void perform(item)
    }
  }

  async function perform(item: Item): Promise<void> {
    running += 1
    try {
      const againInMs = await options.perform(item)
      if (againInMs !== undefined) add(item, againInMs)
    } catch (error) {
      options.log.warn({ err: error }, 'it did not work; once more in a moment')
      add(item, AFTER_ERROR_MS)
    } finally {
      running -= 1
      takeFromLine()
    }
  }

  return {
    add,
    stop() {
      isStopped = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
