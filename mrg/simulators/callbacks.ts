import type { Logger } from 'pino'
import { sign } from '../kernel/index.ts'
import { type Agenda, createAgenda } from './agenda.ts'
import type { Callback, Owed } from './books.ts'
import type { Faults } from './faults.ts'

const RETRIES_MAX = 20
const ANSWER_MS_MAX = 10_000
const AT_ONCE_MAX = 50

/**
 * Posts every callback in the books, signed, until it is answered with 2xx or has been tried 21 times. Each goes its
 * own way: they arrive more than once and in any order, as they do in real life.
 */
export function sendCallbacks(options: {
  books: Owed
  faults: Faults
  url: string
  header: string
  secret: string
  log: Logger
  pauseMs?: (retry: number) => number
}): Agenda<Callback> {
  const { books, faults, log, pauseMs = doublingPauseMs } = options
  const failures = new Map<string, number>()

  async function deliver(callback: Callback): Promise<number | undefined> {
    const { eventId } = callback
    if (faults.get('no-callbacks')) return holdUntilMended(callback)
    const copies = faults.get('duplicates') ? [callback, callback] : [callback]
    const answers = await Promise.all(copies.map((copy) => post(copy, options)))
    if (answers.includes('accepted')) return settle(eventId, 'delivered')
    const retry = (failures.get(eventId) ?? 0) + 1
    if (retry > RETRIES_MAX) return settle(eventId, 'abandoned')
    failures.set(eventId, retry)
    return pauseMs(retry)
  }

  function holdUntilMended(callback: Callback): undefined {
    void faults.mended('no-callbacks').then(() => agenda.add(callback, 0))
  }

  function settle(eventId: string, outcome: 'delivered' | 'abandoned'): undefined {
    if (outcome === 'abandoned') log.warn({ eventId }, 'a callback was never accepted; it is given up')
    failures.delete(eventId)
    books.settle(eventId, outcome)
  }

  const agenda = createAgenda({ perform: deliver, atOnceMax: AT_ONCE_MAX, log })
  books.watch((callback) => agenda.add(callback, faults.get('late-callbacks')?.delayMs ?? 0))
  return agenda
}

/** 1 s, 2 s, 4 s, … and never more than a minute. */
function doublingPauseMs(retry: number): number {
  return Math.min(1_000 * 2 ** (retry - 1), 60_000)
}

async function post(
  { body }: Callback,
  { url, header, secret, log }: { url: string; header: string; secret: string; log: Logger },
): Promise<'accepted' | 'refused'> {
  const text = JSON.stringify(body)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [header]: sign(text, secret) },
      body: text,
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    await response.body?.cancel()
    return response.ok ? 'accepted' : 'refused'
  } catch (error) {
    log.debug({ err: error }, 'a callback did not arrive')
    return 'refused'
  }
}
