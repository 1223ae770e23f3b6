import type { Figure } from '../format/plan.ts'
import { askRedis } from './ask-redis.ts'

/** Asks an instance what it says of itself. One that does not answer, or not that, leaves its figure undefined. */
export async function readFigures(
  figures: readonly Figure[],
  withinMs: number,
): Promise<Record<string, string | undefined>> {
  const answers = new Map<string, Promise<unknown>>()
  for (const { url } of figures)
    if (!answers.has(url)) answers.set(url, url.startsWith('redis:') ? askRedis(url, withinMs) : askJson(url, withinMs))
  const entries = figures.map(async ({ name, url, field }) => [name, pickField(await answers.get(url), field)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/** Also of an answer that is no success: a part says so when it is ill, and why. */
async function askJson(url: string, withinMs: number): Promise<unknown> {
  try {
    const { address, authorization } = takeCredentials(url)
    const response = await fetch(address, {
      signal: AbortSignal.timeout(withinMs),
      headers: { connection: 'close', ...(authorization !== undefined && { authorization }) },
    })
    return await response.json()
  } catch {
    return undefined
  }
}

/** `fetch` refuses a URL with a user in it. */
function takeCredentials(url: string): { address: string; authorization: string | undefined } {
  const address = new URL(url)
  const user = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`
  address.username = ''
  address.password = ''
  return {
    address: address.href,
    authorization: user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`,
  }
}

/** A field of plain data by its path; `members.name=a.role` goes through the item of a list whose name is `a`. */
export function pickField(value: unknown, path: string): string | undefined {
  let at: unknown = value
  for (const step of path.split('.')) at = pickStep(at, step)
  return at === undefined || at === null ? undefined : typeof at === 'object' ? JSON.stringify(at) : String(at)
}

function pickStep(value: unknown, step: string): unknown {
  if (Array.isArray(value)) {
    const [, key = '', wanted] = /^([^=]+)=(.*)$/.exec(step) ?? []
    if (wanted === undefined) return value[Number(step)]
    return value.find((item) => Object(item)[key] !== undefined && String(Object(item)[key]) === wanted)
  }
  return Object.hasOwn(Object(value), step) ? Object(value)[step] : undefined
}
