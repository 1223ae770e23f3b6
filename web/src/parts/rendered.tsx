import { useComputedColorScheme } from '@mantine/core'
import { type MouseEvent, useEffect, useRef } from 'react'
import { useRoute } from '../route.ts'
import { useWords } from '../words.ts'

/** A page that the server has rendered and sanitised; links to other pages are followed here, and diagrams drawn. */
export function Rendered({ html }: { html: string }) {
  const words = useWords()
  const { go } = useRoute()
  const place = useRef<HTMLDivElement>(null)
  const isDark = useComputedColorScheme() === 'dark'
  useEffect(() => {
    const page = place.current
    if (!page || !html.includes('class="language-mermaid"')) return
    // Loaded only where a page has something to draw.
    void import('./diagrams.ts').then(({ drawDiagrams }) => drawDiagrams(page, { isDark, words }))
  }, [html, isDark, words])
  const follow = (event: MouseEvent<HTMLElement>) => {
    const href = (event.target as HTMLElement).closest('a')?.getAttribute('href')
    if (!href?.startsWith('/docs?') || event.metaKey || event.ctrlKey) return
    event.preventDefault()
    go(href)
  }
  // The server rendered it with HTML switched off.
  const content = { dangerouslySetInnerHTML: { __html: html } }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links inside take the keys.
    // biome-ignore lint/a11y/noStaticElementInteractions: only links inside are followed.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, and must with the keyboard too.
    <div ref={place} className="doc" tabIndex={0} onClick={follow} {...content} />
  )
}
