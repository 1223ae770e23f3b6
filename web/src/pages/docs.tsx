import { Grid, NavLink, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type MouseEvent, useState } from 'react'
import type { DocEntry } from '../../../src/hub/index.ts'
import { useData } from '../api.ts'
import { Link, Section, Shown } from '../parts/shown.tsx'
import { followHere, useRoute } from '../route.ts'
import { useWords } from '../words.ts'

export default function Docs() {
  const words = useWords()
  const { query } = useRoute()
  const pages = useData('/api/docs')
  return (
    <Shown loaded={pages} isEmpty={(all) => all.length === 0} empty={words.noDocs}>
      {(all) => (
        <Grid>
          <Grid.Col span={{ base: 12, md: 3 }}>
            <Index pages={all} current={query.get('page') ?? all[0]?.path ?? ''} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 9 }}>
            <Page path={query.get('page') ?? all[0]?.path ?? ''} />
          </Grid.Col>
        </Grid>
      )}
    </Shown>
  )
}

function Index({ pages, current }: { pages: readonly DocEntry[]; current: string }) {
  const words = useWords()
  const { go } = useRoute()
  const [text, setText] = useState('')
  const [wanted] = useDebouncedValue(text, 80)
  return (
    <Stack gap="xs" component="nav" aria-label={words.docs}>
      <TextInput
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="⌕"
        aria-label={words.search}
      />
      {wanted.trim() === '' ? (
        pages.map(({ path, title }) => (
          <NavLink
            key={path}
            href={hrefOf(path)}
            label={title}
            active={path === current}
            onClick={followHere(go)}
            py={4}
          />
        ))
      ) : (
        <Hits text={wanted} />
      )}
    </Stack>
  )
}

function Hits({ text }: { text: string }) {
  const words = useWords()
  const { go } = useRoute()
  const hits = useData('/api/search', { q: text })
  return (
    <Shown loaded={hits} isEmpty={(all) => all.length === 0} empty={words.nothingFound}>
      {(all) =>
        all.map((hit) => (
          <NavLink
            key={`${hit.path} ${hit.heading}`}
            href={hrefOf(hit.path)}
            label={hit.heading ? `${hit.title} › ${hit.heading}` : hit.title}
            description={hit.excerpt}
            onClick={followHere(go)}
            py={4}
          />
        ))
      }
    </Shown>
  )
}

function hrefOf(path: string): string {
  return `/docs?page=${encodeURIComponent(path)}`
}

/** The server has sanitised the page; links to other pages are followed here. */
function Page({ path }: { path: string }) {
  const words = useWords()
  const { go } = useRoute()
  const loaded = useData('/api/docs/page', { path })
  const follow = (event: MouseEvent<HTMLElement>) => {
    const href = (event.target as HTMLElement).closest('a')?.getAttribute('href')
    if (!href?.startsWith('/docs?') || event.metaKey || event.ctrlKey) return
    event.preventDefault()
    go(href)
  }
  return (
    <Shown loaded={loaded}>
      {(page) => (
        <Stack gap="md">
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the links inside take the keys. */}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: only links inside are followed. */}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, and must with the keyboard too. */}
          {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the server rendered it with HTML switched off. */}
          <div className="doc" tabIndex={0} onClick={follow} dangerouslySetInnerHTML={{ __html: page.html }} />
          {page.backlinks.length > 0 && (
            <Section title={words.backlinks}>
              {page.backlinks.map(({ path, title }) => (
                <Text key={path} size="sm">
                  <Link to={hrefOf(path)}>{title}</Link>
                </Text>
              ))}
            </Section>
          )}
        </Stack>
      )}
    </Shown>
  )
}
