import * as z from 'zod'

/** Why somebody hangs, as far as a caller can tell. */
export const NO_ANSWER = 'no answer in time'

const ASK_WITHIN_MS = 1_500
const BYTES_MAX = 1024 * 1024

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>
}

/** What a feed asks its hosts with; throws an `Error` that says why there is no answer. */
export type Ask = (url: string, options?: AskOptions) => Promise<{ readonly status: number; readonly text: string }>

/** Of hosts that the configuration names: an answer that leads elsewhere is not followed. Time and size are bounded. */
export const ask: Ask = async (url, { headers = {} } = {}) => {
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(ASK_WITHIN_MS) })
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel()
    throw new Error('leads elsewhere, which is not followed')
  }
  return { status: response.status, text: await readBounded(response) }
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > BYTES_MAX) throw new Error(`answers more than ${BYTES_MAX / 1024 / 1024} MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The first of several hosts that answers what `read` understands; throws an `Error` when none does. */
export async function askFirst<Answer>(
  hosts: readonly string[],
  read: (host: string) => Promise<Answer>,
): Promise<Answer> {
  const reasons: string[] = []
  for (const host of hosts) {
    try {
      return await read(host)
    } catch (error) {
      reasons.push(`${nameOf(host)}: ${whyNot(error)}`)
    }
  }
  throw new Error(`none could be asked (${reasons.join('; ')})`)
}

/** Without a path, a query or what stands before an `@`. */
export function nameOf(host: string): string {
  return URL.canParse(host) && /^https?:/.test(host) ? new URL(host).host : host
}

export function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return NO_ANSWER
  if (error instanceof SyntaxError || error instanceof z.ZodError) return 'answers something else'
  const { cause } = error
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : error.message
}
