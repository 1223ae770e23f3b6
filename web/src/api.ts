import { createContext, useContext, useEffect, useRef, useState } from 'react'
import type { ActionBodies, Brought, HubLive, HubPageRun, HubRun, Readings } from '../../src/hub/index.ts'

export type Loaded<Data> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string; readonly again: () => void }
  | { readonly state: 'there'; readonly data: Data }

/** What the server pushes; `digest` changes with the vault. */
export interface Pushed {
  readonly live: HubLive | undefined
  readonly run: HubRun | undefined
  readonly page: HubPageRun | undefined
  readonly digest: string | undefined
  readonly isConnected: boolean
}

/** What the server wrote into the page; nothing for whom it does not know. */
const brought: Partial<Brought> = JSON.parse(document.getElementById('brought')?.textContent ?? '{}')
/** Each serves once: whoever comes back to a sight gets what is true then. */
const unused = new Map<string, unknown>(Object.entries(brought.answers ?? {}))

export const PushedContext = createContext<Pushed>({
  live: undefined,
  run: undefined,
  page: undefined,
  digest: brought.digest,
  isConnected: false,
})
export const usePushed = () => useContext(PushedContext)

/** Follows the server's events. The browser connects again by itself, and is then told the present state. */
export function useEvents(): Pushed {
  const [pushed, setPushed] = useState<Pushed>(useContext(PushedContext))
  useEffect(() => {
    const source = new EventSource('/api/events')
    const take = (kind: string, merge: (data: never) => Partial<Pushed>) =>
      source.addEventListener(kind, (event) => {
        const change = merge(JSON.parse((event as MessageEvent<string>).data) as never)
        setPushed((known) => ({ ...known, ...change }))
      })
    take('live', (live: HubLive) => ({ live }))
    take('run', (run: HubRun) => ({ run }))
    take('page', (page: HubPageRun) => ({ page }))
    take('model', ({ digest }: { digest: string }) => ({ digest }))
    source.onopen = () => setPushed((known) => ({ ...known, isConnected: true }))
    source.onerror = () => setPushed((known) => ({ ...known, isConnected: false }))
    return () => source.close()
  }, [])
  return pushed
}

/**
 * Reads a path of the hub, unless the page brought it, and reads it again when the vault has changed; meanwhile the old
 * answer stays. What is asked and answered has the types of the server's own table.
 */
export function useData<Path extends keyof Readings>(
  path: Path,
  ...[asked]: Nothing extends Readings[Path]['asks'] ? [Readings[Path]['asks']?] : [Readings[Path]['asks']]
): Loaded<Readings[Path]['answers']> {
  const { digest } = usePushed()
  const url = fill(path, asked)
  const [loaded, setLoaded] = useState<Loaded<Readings[Path]['answers']>>(() =>
    unused.has(url) ? { state: 'there', data: unused.get(url) as Readings[Path]['answers'] } : { state: 'loading' },
  )
  const isBrought = useRef(loaded.state === 'there')
  const [tries, setTries] = useState(0)
  const shown = useRef(isBrought.current ? url : '')
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed vault and a new try are reasons to read again.
  useEffect(() => {
    unused.delete(url)
    if (isBrought.current && digest === brought.digest) return
    isBrought.current = false
    const stop = new AbortController()
    if (shown.current !== url) setLoaded({ state: 'loading' })
    shown.current = url
    ask<Readings[Path]['answers']>(url, { signal: stop.signal }).then(
      (data) => setLoaded({ state: 'there', data }),
      (error: Error) => {
        if (stop.signal.aborted) return
        setLoaded({ state: 'failed', message: error.message, again: () => setTries((n) => n + 1) })
      },
    )
    return () => stop.abort()
  }, [url, digest, tries])
  return loaded
}

/** Sets something going. */
export function act<Path extends keyof ActionBodies>(
  path: Path,
  ...[given]: Nothing extends Given<Path> ? [Given<Path>?] : [Given<Path>]
): Promise<unknown> {
  const { asks, body } = { asks: {}, body: undefined, ...given }
  return ask(fill(path, asks), { method: 'POST', ...(body && { body: JSON.stringify(body) }) })
}

type Nothing = Record<string, never>
type Given<Path extends keyof ActionBodies> = (Nothing extends ActionBodies[Path]['asks']
  ? { asks?: ActionBodies[Path]['asks'] }
  : { asks: ActionBodies[Path]['asks'] }) &
  (Nothing extends ActionBodies[Path]['body']
    ? { body?: ActionBodies[Path]['body'] }
    : { body: ActionBodies[Path]['body'] })

/** `/api/components/:id` with its values: those that are not in the path stand behind the question mark. */
function fill(path: string, values: Readonly<Record<string, unknown>> = {}): string {
  const query = new URLSearchParams()
  let filled = path
  for (const [name, value] of Object.entries(values))
    if (path.includes(`:${name}`)) filled = filled.replace(`:${name}`, encodeURIComponent(String(value)))
    else if (value !== undefined) query.set(name, String(value))
  return query.size === 0 ? filled : `${filled}?${query}`
}

/** Throws an `Error` with the server's own words. */
async function ask<Data>(path: string, init: RequestInit = {}): Promise<Data> {
  const headers = { 'x-linchpin': '1', ...(init.body != null && { 'content-type': 'application/json' }) }
  const response = await fetch(path, { ...init, headers })
  const body = (await response.json()) as Data & { message?: string }
  if (!response.ok) throw new Error(body.message ?? `The hub answers ${response.status}.`)
  return body
}
