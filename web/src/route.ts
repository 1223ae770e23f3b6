import { createContext, type MouseEvent, useCallback, useContext, useEffect, useMemo, useState } from 'react'

/** Where the reader is: everything that a link to this sight must hold. */
export interface Route {
  readonly path: string
  readonly query: URLSearchParams
  readonly go: (to: string) => void
  /** Changes the query in place: the back button passes over it. */
  readonly set: (changes: Readonly<Record<string, string | undefined>>) => void
}

export const RouteContext = createContext<Route>({
  path: '/',
  query: new URLSearchParams(),
  go: () => undefined,
  set: () => undefined,
})
export const useRoute = () => useContext(RouteContext)

export function useHistory(): Route {
  const [place, setPlace] = useState(read)
  useEffect(() => {
    const onPop = () => setPlace(read())
    window.addEventListener('popstate', onPop)
    return () => window.removeEventListener('popstate', onPop)
  }, [])
  const go = useCallback((to: string) => {
    window.history.pushState(null, '', to)
    window.scrollTo(0, 0)
    setPlace(read())
  }, [])
  const set = useCallback((changes: Readonly<Record<string, string | undefined>>) => {
    const query = new URLSearchParams(window.location.search)
    for (const [name, value] of Object.entries(changes))
      if (value === undefined || value === '') query.delete(name)
      else query.set(name, value)
    const text = query.toString()
    window.history.replaceState(null, '', text === '' ? window.location.pathname : `?${text}`)
    setPlace(read())
  }, [])
  return useMemo(() => ({ ...place, go, set }), [place, go, set])
}

function read() {
  return {
    path: decodeURIComponent(window.location.pathname),
    query: new URLSearchParams(window.location.search),
  }
}

/** For a link that stays in the page; with a modifier key it opens as the browser would. */
export function followHere(go: Route['go']) {
  return (event: MouseEvent<HTMLAnchorElement>) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    go(event.currentTarget.getAttribute('href') ?? '/')
  }
}
