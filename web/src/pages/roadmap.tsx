import { Card, Group, Stack, Text } from '@mantine/core'
import type { RoadmapItem } from '../../../src/hub/index.ts'
import { useData } from '../api.ts'
import { Link, Shown, Verdict } from '../parts/shown.tsx'
import { useWords } from '../words.ts'

export default function Roadmap() {
  const words = useWords()
  const loaded = useData('/api/roadmap')
  return (
    <Stack gap="md">
      <Text component="h1" fw={700} size="xl" m={0}>
        {words.roadmap}
      </Text>
      <Shown loaded={loaded}>{(items) => <Board items={items} />}</Shown>
    </Stack>
  )
}

function Board({ items }: { items: readonly RoadmapItem[] }) {
  const words = useWords()
  const sprints = [...new Set(items.map(({ sprint }) => sprint))].sort((a, b) => (a ?? '~').localeCompare(b ?? '~'))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and must with the keyboard too.
    <section className="board" tabIndex={0} aria-label={words.roadmap}>
      {sprints.map((sprint) => (
        <Stack key={sprint ?? ''} gap="xs">
          <Text component="h2" fw={600} size="md" m={0}>
            {sprint === undefined ? words.later : /^\d/.test(sprint) ? `${words.sprint} ${sprint}` : sprint}
          </Text>
          {items
            .filter((item) => item.sprint === sprint)
            .map((item) => (
              <Item key={item.id} item={item} />
            ))}
        </Stack>
      ))}
    </section>
  )
}

function Item({ item }: { item: RoadmapItem }) {
  const words = useWords()
  const proved = item.claims.filter(({ verdict }) => verdict === 'supported').length
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" fw={700}>
          {item.priority ?? ''}
        </Text>
        <Verdict of={item.state}>{words[`state_${item.state}`]}</Verdict>
      </Group>
      <Text size="sm" fw={600}>
        {item.title}
      </Text>
      <Text size="xs">
        {item.effortDays !== undefined && `${item.effortDays} d · `}
        {proved} / {item.claims.length} {words.proved}
      </Text>
      {item.claims.slice(0, 4).map(({ id, verdict }) => (
        <Text key={id} size="xs" truncate title={id}>
          {verdict === 'supported' ? '✓' : verdict === 'refuted' ? '✗' : '·'}{' '}
          <Link to={`/evidence?claim=${encodeURIComponent(id)}`}>{id}</Link>
        </Text>
      ))}
      {item.claims.length > 4 && <Text size="xs">{words.andMore.replace('{n}', String(item.claims.length - 4))}</Text>}
      <Text size="xs" ff="monospace">
        {item.where}
      </Text>
    </Card>
  )
}
