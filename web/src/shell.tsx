import {
  ActionIcon,
  Alert,
  AppShell,
  Badge,
  Burger,
  Group,
  Loader,
  NavLink,
  Text,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { type ComponentType, lazy, Suspense, use, useEffect, useState } from 'react'
import { usePushed } from './api.ts'
import Overview from './pages/overview.tsx'
import { Mishap } from './parts/mishap.tsx'
import { followHere, useRoute } from './route.ts'
import { useWords, type Words, WordsContext } from './words.ts'

const LOAD = {
  live: () => import('./pages/live.tsx'),
  map: () => import('./pages/map.tsx'),
  drills: () => import('./pages/drills.tsx'),
  compare: () => import('./pages/compare.tsx'),
  runbooks: () => import('./pages/runbooks.tsx'),
  evidence: () => import('./pages/evidence.tsx'),
  roadmap: () => import('./pages/roadmap.tsx'),
  docs: () => import('./pages/docs.tsx'),
  component: () => import('./pages/component.tsx'),
}
/** Fetched once the page is there. */
const Palette = lazy(() => import('./palette.tsx'))
const PAGES: Record<string, ComponentType> = {
  // Where people open the hub: part of its first script, and shown with its first render.
  overview: Overview,
  ...Object.fromEntries(Object.entries(LOAD).map(([name, load]) => [name, lazy(load)])),
}
// On its way while the first render is prepared, not only once that asks for it.
const first = nameOf(window.location.pathname)
if (first !== 'overview') LOAD[first]().catch(() => undefined)

function nameOf(path: string): keyof typeof LOAD | 'overview' {
  const name = path.split('/')[1] ?? ''
  return Object.hasOwn(LOAD, name) ? (name as keyof typeof LOAD) : 'overview'
}

export const NAVIGATION = ['overview', 'live', 'map', 'drills', 'runbooks', 'evidence', 'roadmap', 'docs'] as const

export function pathOf(page: (typeof NAVIGATION)[number]): string {
  return page === 'overview' ? '/' : `/${page}`
}

/** Header, navigation, command palette, and the page of the route. */
export function Shell() {
  const { path } = useRoute()
  const { isConnected, live } = usePushed()
  const words = useWords()
  const [isOpen, { toggle, close }] = useDisclosure()
  const [isPalette, setPalette] = useState(false)
  const [isReady, setReady] = useState(false)
  useEffect(() => setReady(true), [])
  useHotkeys([
    ['mod+K', () => setPalette(true)],
    ['/', () => setPalette(true)],
  ])
  const name = nameOf(path)
  const Page = PAGES[name] as ComponentType
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 170, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Text fw={700}>Linchpin</Text>
            {live && live.down.length > 0 && (
              <Badge color="red.9" variant="filled">
                {live.down.length} {words.down}
              </Badge>
            )}
          </Group>
          <Switches onSearch={() => setPalette(true)} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Pages" onClick={close}>
        <Pages words={words} current={name} />
      </AppShell.Navbar>
      <AppShell.Main>
        {!isConnected && live && (
          <Alert color="orange" variant="outline" mb="sm" role="status">
            {words.connectionLost}
          </Alert>
        )}
        <Suspense fallback={<Loader aria-label={words.loading} />}>
          <Mishap key={path}>
            <Page />
          </Mishap>
        </Suspense>
      </AppShell.Main>
      <Suspense>{isReady && <Palette isOpen={isPalette} onClose={() => setPalette(false)} />}</Suspense>
    </AppShell>
  )
}

function Pages({ words, current }: { words: Words; current: string }) {
  const { go } = useRoute()
  return NAVIGATION.map((page) => (
    <NavLink
      key={page}
      href={pathOf(page)}
      label={words[page]}
      active={current === page}
      aria-current={current === page ? 'page' : undefined}
      onClick={followHere(go)}
      py={6}
    />
  ))
}

function Switches({ onSearch }: { onSearch: () => void }) {
  const words = useWords()
  const { toggle } = use(WordsContext)
  const { toggleColorScheme } = useMantineColorScheme()
  return (
    <Group gap={6} wrap="nowrap">
      <ActionIcon
        variant="default"
        size="lg"
        w="auto"
        px={10}
        onClick={onSearch}
        aria-label={`⌕ Ctrl K: ${words.search}`}
        title={words.search}
      >
        <Text size="sm">⌕ Ctrl K</Text>
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="lg"
        onClick={toggle}
        aria-label={`${words.language === 'English' ? 'EN' : 'ID'}: ${words.language}`}
        title={words.language}
      >
        <Text size="xs">{words.language === 'English' ? 'EN' : 'ID'}</Text>
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="lg"
        onClick={() => toggleColorScheme()}
        aria-label={`◐ ${words.theme}`}
        title={words.theme}
      >
        ◐
      </ActionIcon>
    </Group>
  )
}
