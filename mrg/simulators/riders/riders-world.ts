import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { ask, baseEnvironment, eventually, listen, newFolder } from '../world.ts'
import type { createFakePlatform } from './fake-platform.ts'
import type { LedgerLine } from './ledger.ts'
import type { Pace } from './pace.ts'
import { createRiders } from './riders.ts'

export const RIDERS = 5

const HURRIED: Pace = {
  answerMsMax: 30_000,
  repeatAfterMs: [0, 0, 0],
  taxiMsMax: 1_000,
  cancelAfterMs: 0,
  firstLookAfterMs: 0,
  lookEveryMs: 10,
  lookMsMax: 600_000,
}

type Platform = Awaited<ReturnType<typeof createFakePlatform>>

/** Riders in a hurry, who do not book yet unless they are told a rate. */
export async function openRiders(
  platform: Platform,
  options: { rate?: number; pace?: Partial<Pace>; folder?: string } = {},
) {
  const folder = options.folder ?? newFolder()
  const environment = {
    ...baseEnvironment(),
    DATA: folder,
    API_URL: platform.address,
    RATE: options.rate ?? 0,
    RIDERS,
  }
  const address = await listen(await createRiders(environment, { ...HURRIED, ...options.pace }))
  return {
    setRate: (perSecond: number) => ask(address, 'PUT /rate', { body: { perSecond } }),
    status: async () => (await ask(address, 'GET /status')).body,
    ledger: () => readLedger(folder),
    folder,
    address,
  }
}

export function readLedger(folder: string): LedgerLine[] {
  const path = join(folder, 'ledger.jsonl')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

/** Lets the riders book until so many bookings have begun, then no more. Slowly: on a busy machine many more begin. */
export async function bookSome(
  riders: Awaited<ReturnType<typeof openRiders>>,
  { platform, count, perSecond = 20 }: { platform: Platform; count: number; perSecond?: number },
) {
  await riders.setRate(perSecond)
  await eventually(() => expect(platform.asked('POST /v1/quotes').length).toBeGreaterThanOrEqual(count))
  await riders.setRate(0)
}

export async function allEnded(riders: Awaited<ReturnType<typeof openRiders>>) {
  await eventually(async () => expect((await riders.status()).inFlight).toBe(0))
}
