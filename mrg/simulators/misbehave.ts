import { setTimeout as pause } from 'node:timers/promises'
import { type App, Problem } from '../kernel/index.ts'
import type { Faults } from './faults.ts'

/** Pages that stay in order while everything else misbehaves: those of the lab, of the auditor and of monitoring. */
const IN_ORDER = new Set([
  '/health',
  '/ready',
  '/metrics',
  '/guards',
  '/openapi.json',
  '/books',
  '/faults',
  '/faults/:name',
])

export function isInOrder(request: { readonly routeOptions: { readonly url?: string | undefined } }): boolean {
  return IN_ORDER.has(request.routeOptions.url ?? '')
}

/**
 * Makes every request suffer the faults that are on. Where each strikes is what tells them apart: before the work
 * (hang, credentials, errors: nothing is done), before the work that is done all the same (slow), after it (late).
 */
export function misbehave(app: App, faults: Faults): void {
  const failsNow = createErrorCounter(faults)

  app.addHook('onRequest', async (request, reply) => {
    if (isInOrder(request)) return
    while (faults.get('hang')) await faults.mended('hang')
    // Who has stopped waiting meanwhile does not want the work any more.
    if (request.raw.socket.destroyed) return void reply.hijack()
    if (faults.get('credentials'))
      throw new Problem(401, 'invalid-credentials', { detail: 'These credentials are not valid (any more).' })
    const status = failsNow()
    if (status !== undefined) throw new Problem(status, 'told-to-fail', { detail: 'This one is told to fail.' })
  })

  // The request is read by now: the handler runs even if the caller hangs up during the pause.
  app.addHook('preHandler', async (request) => {
    if (!isInOrder(request)) await pause(faults.get('slow')?.delayMs ?? 0)
  })

  app.addHook('onSend', async (request) => {
    if (!isInOrder(request)) await pause(faults.get('late')?.delayMs ?? 0)
  })
}

/** Says for each request whether it is one of those that fail: a share of 0.25 is every fourth since the fault is on. */
function createErrorCounter(faults: Faults): () => number | undefined {
  let counted: unknown
  let seen = 0
  return () => {
    const errors = faults.get('errors')
    if (errors !== counted) seen = 0
    counted = errors
    if (!errors) return undefined
    seen += 1
    const isHit = Math.floor(seen * errors.share) > Math.floor((seen - 1) * errors.share)
    return isHit ? errors.status : undefined
  }
}
