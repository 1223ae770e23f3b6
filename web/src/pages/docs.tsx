import { Grid, NavLink, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { DocEntry } from '../../../src/hub/index.ts'
import { useData } from '../api.ts'
import { Rendered } from '../parts/rendered.tsx'
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
            <Index pages={all} current={query.get('page') ?? firstOf(all)} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 9 }}>
            <Page path={query.get('page') ?? firstOf(all)} />
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
        groupByFolder(pages).map(([folder, own]) => (
          <div key={folder}>
            {folder !== '' && (
              <Text size="xs" fw={700} px="sm" mt={6} style={{ overflowWrap: 'anywhere' }}>
                {folder}
              </Text>
            )}
            {own.map(({ path, title }) => (
              <NavLink
                key={path}
                href={hrefOf(path)}
                label={title}
                active={path === current}
                onClick={followHere(go)}
                py={4}
              />
            ))}
          </div>
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

/** The vault's index; without one, its first page. */
function firstOf(pages: readonly DocEntry[]): string {
  return (pages.find(({ isIndex }) => isIndex) ?? pages[0])?.path ?? ''
}

function groupByFolder(pages: readonly DocEntry[]): [folder: string, pages: DocEntry[]][] {
  const groups = new Map<string, DocEntry[]>()
  for (const page of pages) {
    const folder = page.path.split('/').slice(0, -1).join(' / ')
    groups.set(folder, [...(groups.get(folder) ?? []), page])
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}

function hrefOf(path: string): string {
  return `/docs?page=${encodeURIComponent(path)}`
}

function Page({ path }: { path: string }) {
  const words = useWords()
  const loaded = useData('/api/docs/page', { path })
  return (
    <Shown loaded={loaded}>
      {(page) => (
        <Stack gap="md">
          <Rendered html={page.html} />
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
