import './styles.ts'
import './hub.css'
import { createTheme, MantineProvider } from '@mantine/core'
import { StrictMode, useCallback, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { PushedContext, useEvents } from './api.ts'
import { RouteContext, useHistory } from './route.ts'
import { Shell } from './shell.tsx'
import { firstLanguage, LANGUAGES, type Language, WordsContext } from './words.ts'

const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',
  primaryShade: 8,
  autoContrast: true,
})

function Hub() {
  const [language, setLanguage] = useState<Language>(firstLanguage)
  const toggle = useCallback(() => {
    const other: Language = language === 'en' ? 'id' : 'en'
    window.localStorage.setItem('language', other)
    setLanguage(other)
  }, [language])
  const words = useMemo(() => ({ words: LANGUAGES[language], language, toggle }), [language, toggle])
  document.documentElement.lang = language
  return (
    <WordsContext value={words}>
      <RouteContext value={useHistory()}>
        <PushedContext value={useEvents()}>
          <Shell />
        </PushedContext>
      </RouteContext>
    </WordsContext>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Hub />
    </MantineProvider>
  </StrictMode>,
)
