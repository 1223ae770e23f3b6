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
import { type ComponentType, createElement, lazy, Suspense, use, useEffect, useMemo, useState } from 'react'
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
const loadPalette = () => import('./palette.tsx')
const Palette = lazy(loadPalette)
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
  const [palette, setPalette] = useState<'unused' | 'open' | 'closed'>('unused')
  const search = () => setPalette('open')
  // Fetched after the first paint, so that it is there when it is called.
  useEffect(() => void requestAnimationFrame(() => setTimeout(() => loadPalette().catch(() => undefined))), [])
  useHotkeys([
    ['mod+K', search],
    ['/', search],
  ])
  const name = nameOf(path)
  // What is pushed concerns this frame every second; the page takes what it needs of it by itself.
  const page = useMemo(() => createElement(PAGES[name] as ComponentType), [name])
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
          <Switches onSearch={search} />
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
          <Mishap key={path}>{page}</Mishap>
        </Suspense>
      </AppShell.Main>
      <Suspense>
        {palette !== 'unused' && <Palette isOpen={palette === 'open'} onClose={() => setPalette('closed')} />}
      </Suspense>
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
