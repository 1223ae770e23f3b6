import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { registry } from '@linchpin/guard'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { createUpstreams as connectApiGateway } from '../services/api-gateway/upstreams.ts'
import { createUpstreams as connectNotification } from '../services/notification/upstreams.ts'
import { createUpstreams as connectOrderDetail } from '../services/order-detail/upstreams.ts'
import { connectUpstreams as connectOrderOrchestrator } from '../services/order-orchestrator/upstreams.ts'
import { createGateway } from '../services/payment-processor/gateway.ts'
import { openPrices } from '../services/session-manager/cache.ts'
import { createUpstreams as connectSessionManager } from '../services/session-manager/upstreams.ts'
import { connectBbd } from '../services/taxi-partner-gateway/bbd.ts'
import { openProfiles } from '../services/user-service/cache.ts'

// The guards that the services make, against those of the model once every mitigation is in place: a figure that is
// changed on one side only is a mistake.

const mrg = fileURLToPath(new URL('..', import.meta.url))
// Sources of another package: loaded when the test runs, so that MRG does not depend on them.
const { applyMitigations, mergeComponents, parseModel } = await import(join(mrg, '../src/model/index.ts'))
const { parseDuration, readYaml } = await import(join(mrg, '../src/source/index.ts'))

/** Times in milliseconds, so that `1m` and `60s` are the same. Undefined: without that policy. */
interface Figures {
  readonly deadlineMs: number | undefined
  readonly bulkhead: { readonly concurrent: number; readonly queue: number } | undefined
  readonly retry: { readonly attempts: number; readonly backoffMs: number } | undefined
  /** True where the model does not say which. */
  readonly breaker: true | Record<(typeof BREAKER_KEYS)[number], number | undefined> | undefined
}
const BREAKER_KEYS = ['window', 'minimumCalls', 'failureRate', 'consecutiveFailures', 'openFor', 'probes'] as const

interface Stated {
  /** As the service names it: `caller>dependency`, or `caller>target` for one of several. */
  readonly names: readonly string[]
  readonly caller: string
  readonly target: string
  readonly figures: Figures
}

/** What these keep in Redis on the real platform (carts, payments under way) they keep in PostgreSQL here. */
const ELSEWHERE = new Set(['order-orchestrator>redis', 'payment-processor>redis'])

const made = makeGuards()
const stated = readModel()
const nameOf = ({ names }: Stated) => names.find((name) => made.has(name))
const parts = readParts()

describe('the guards of the services and those of the model', () => {
  it.each([...made])('%s is made as the model states it', (name, figures) => {
    const all = stated.filter((guard) => nameOf(guard) === name)
    expect(all.length, `the target model has no guard for ${name}`).toBeGreaterThan(0)
    for (const guard of all) expect(asStatedBy(guard, figures)).toEqual(guard.figures)
  })

  const here = stated.filter(
    ({ caller, target, names }) => parts.has(caller) && parts.has(target) && !names.some((name) => ELSEWHERE.has(name)),
  )
  it.each(here.map((guard) => [guard.names[0], guard] as const))('%s is made by its caller', (_name, guard) =>
    expect(made.has(nameOf(guard) ?? ''), `no service makes ${guard.names.join(' or ')}`).toBe(true),
  )

  it('no service makes guards elsewhere than in the files that this test connects', () => {
    const files = readdirSync(join(mrg, 'services'), { recursive: true, encoding: 'utf8' })
    const making = files.filter(
      (file) =>
        file.endsWith('.ts') &&
        /\bcreate(Upstream|Cache)\(|\bguard(<[^(]*>)?\(/.test(readFileSync(join(mrg, 'services', file), 'utf8')),
    )
    expect(making.sort()).toEqual([
      'api-gateway/upstreams.ts',
      'notification/upstreams.ts',
      'order-detail/upstreams.ts',
      'order-orchestrator/upstreams.ts',
      'payment-processor/gateway.ts',
      'session-manager/cache.ts',
      'session-manager/upstreams.ts',
      'taxi-partner-gateway/bbd.ts',
      'user-service/cache.ts',
    ])
  })
})

/** Every guard that the services make, by its name. Making one calls nobody. */
function makeGuards(): Map<string, Figures> {
  const url = 'http://127.0.0.1:9'
  // biome-ignore lint/suspicious/noExplicitAny: whatever address a service asks for.
  const addresses: any = new Proxy({}, { get: () => url })
  connectApiGateway(addresses)
  connectNotification(addresses)
  connectOrderDetail(addresses)
  connectOrderOrchestrator(addresses)
  connectSessionManager(addresses)
  const redis = { call: async () => null }
  const log = pino({ level: 'silent' })
  openPrices(redis, log)
  openProfiles(redis, log)
  connectBbd({ url, clientId: 'nobody', clientSecret: 'nothing' })
  for (const name of ['midtrans', 'xendit', 'nicepay'])
    createGateway({ name, url, apiKey: 'nothing', webhookSecret: 'nothing' })
  return new Map(registry.describe().guards.map(({ dependency, settings }) => [dependency, readSettings(settings)]))
}

// biome-ignore lint/suspicious/noExplicitAny: what a guard says of itself is JSON.
function readSettings({ deadline, bulkhead, retry, breaker }: any): Figures {
  return {
    deadlineMs: toMs(deadline),
    bulkhead: bulkhead && { concurrent: bulkhead.concurrent, queue: bulkhead.queue },
    retry: retry && { attempts: retry.attempts, backoffMs: toMs(retry.firstDelay) },
    breaker: breaker && readBreaker((key) => breaker[key]),
  }
}

/** Every guard of the model as it is with all mitigations. */
function readModel(): Stated[] {
  const folder = join(mrg, 'vault/system')
  const files = readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
  const { model, problems } = parseModel(files)
  expect(problems).toEqual([])
  const all = model.mitigations.map(({ id }: { id: string }) => id)
  expect(applyMitigations(model, all).problems).toEqual([])
  // biome-ignore lint/suspicious/noExplicitAny: it was checked by `applyMitigations`.
  return Object.entries<any>(mergeComponents(model, all)).flatMap(([caller, component]) =>
    // biome-ignore lint/suspicious/noExplicitAny: the same.
    Object.entries<any>(component['depends-on'] ?? {}).flatMap(([name, dependency]) => {
      // biome-ignore lint/suspicious/noExplicitAny: the same.
      const alternatives = Object.entries<any>(dependency?.['any-of'] ?? { [name]: dependency })
      return alternatives
        .filter(([, alternative]) => alternative?.guard)
        .map(([target, { guard }]) => ({
          names: [`${caller}>${name}`, `${caller}>${target}`],
          caller,
          target,
          figures: readGuard(guard),
        }))
    }),
  )
}

// biome-ignore lint/suspicious/noExplicitAny: the same.
function readGuard({ deadline, bulkhead, retry, breaker }: any): Figures {
  return {
    deadlineMs: toMs(deadline),
    bulkhead: typeof bulkhead === 'number' ? { concurrent: bulkhead, queue: 0 } : bulkhead && { queue: 0, ...bulkhead },
    retry: retry && { attempts: retry.attempts, backoffMs: toMs(retry.backoff) },
    breaker: breaker && (breaker === true || readBreaker((key) => breaker[toKebab(key)])),
  }
}

function readBreaker(read: (key: string) => string | number | undefined): Figures['breaker'] {
  const entries = BREAKER_KEYS.map((key) => {
    const value = read(key)
    return [key, typeof value === 'string' ? toMs(value) : value] as const
  })
  return Object.fromEntries(entries) as Figures['breaker']
}

/** The figures of a guard, as far as the model states any. */
function asStatedBy({ figures }: Stated, own: Figures): Figures {
  return figures.breaker === true && own.breaker ? { ...own, breaker: true } : own
}

function readParts(): ReadonlySet<string> {
  const file = join(mrg, 'lab.yaml')
  const { values } = readYaml({ file, text: readFileSync(file, 'utf8') })
  return new Set(Object.keys(values[0].parts))
}

function toMs(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration)
}

function toKebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
