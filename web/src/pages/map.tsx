import { Button, Card, Grid, Group, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import type { Fallen, HubMap, MapEdge, MapNode } from '../../../src/hub/index.ts'
import { useData } from '../api.ts'
import { Graph } from '../parts/graph.tsx'
import { Link, Shown } from '../parts/shown.tsx'
import { useRoute } from '../route.ts'
import { percent } from '../say.ts'
import { useWords } from '../words.ts'

export default function MapPage() {
  const loaded = useData('/api/map')
  return <Shown loaded={loaded}>{(map) => <Sight map={map} />}</Shown>
}

/** Everything that is chosen here stands in the address: a link shows the same sight to somebody else. */
function Sight({ map }: { map: HubMap }) {
  const words = useWords()
  const { query, set } = useRoute()
  const state = query.get('state') === 'proved' ? 'proved' : 'claimed'
  const flow = query.get('flow') ?? ''
  const picked = query.get('pick') ?? undefined
  const failing = useMemo(() => (query.get('fail') ?? '').split(',').filter((word) => word !== ''), [query])
  const fallen = useData('/api/what-if', { fail: failing.join(',') })
  const shown = useMemo(
    () => ({ ...map, nodes: map.nodes.filter(({ flows }) => flow === '' || flows.includes(flow)) }),
    [map, flow],
  )
  const node = map.nodes.find(({ id }) => id === picked)
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Text component="h1" fw={700} size="xl" m={0}>
          {words.map}
        </Text>
        <SegmentedControl
          size="xs"
          value={state}
          onChange={(value) => set({ state: value === 'claimed' ? undefined : value })}
          data={[
            { value: 'claimed', label: words.claimed },
            { value: 'proved', label: words.proved },
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label={words.flows}
          value={flow}
          onChange={(event) => set({ flow: event.currentTarget.value })}
          data={[
            { value: '', label: words.filterFlow },
            ...map.flows.map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
        {failing.length > 0 && (
          <Button size="xs" variant="default" onClick={() => set({ fail: undefined })}>
            {words.mendAll}
          </Button>
        )}
      </Group>
      <Grid>
        <Grid.Col span={{ base: 12, md: 9 }}>
          <Graph map={shown} state={state} picked={picked} failing={failing} onPick={(id) => set({ pick: id })} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 3 }}>
          <Stack gap="sm">
            {failing.length > 0 && <Shown loaded={fallen}>{(what) => <Outcome what={what} map={map} />}</Shown>}
            {node ? (
              <Picked node={node} edges={map.edges} failing={failing} />
            ) : (
              <Text size="sm">{words.pickComponent}</Text>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

function Outcome({ what, map }: { what: Fallen; map: HubMap }) {
  const words = useWords()
  const titles = (ids: readonly string[]) =>
    map.flows
      .filter(({ id }) => ids.includes(id))
      .map(({ title }) => title)
      .join(', ')
  return (
    <Card withBorder padding="sm" aria-live="polite">
      <Text fw={700} size="sm">
        {what.failing
          .map(({ component, mode }) => (mode === 'hang' ? `${component} ${words.hangs}` : component))
          .join(' + ')}
      </Text>
      {what.down.length + what.degraded.length === 0 && <Text size="sm">{words.stillWorks}</Text>}
      {what.down.length > 0 && (
        <Text size="sm">
          {words.fallen} ({percent(what.downShare)}): {titles(what.down)}
        </Text>
      )}
      {what.degraded.length > 0 && (
        <Text size="sm">
          {words.degraded} ({percent(what.degradedShare)}): {titles(what.degraded)}
        </Text>
      )}
    </Card>
  )
}

function Picked({ node, edges, failing }: { node: MapNode; edges: readonly MapEdge[]; failing: readonly string[] }) {
  const words = useWords()
  const { set } = useRoute()
  const rest = failing.filter((word) => word.split(':')[0] !== node.id)
  const fail = (word: string) => set({ fail: [...rest, word].join(',') })
  const isFailing = rest.length < failing.length
  return (
    <Card withBorder padding="sm">
      <Text component="h2" fw={700} size="md" m={0}>
        <Link to={`/component/${node.id}`}>{node.title}</Link>
      </Text>
      <Text size="xs">
        {node.kind} · {node.tier ?? '–'} · ×{node.instances}
      </Text>
      <Text size="sm">
        {words.blastRadius} {percent(node.down.proved)} ({words.proved}), {percent(node.down.claimed)} ({words.claimed})
      </Text>
      <Group gap={6} my={6}>
        <Button size="xs" color="red.9" onClick={() => fail(node.id)}>
          {words.failIt}
        </Button>
        <Button size="xs" variant="default" onClick={() => fail(`${node.id}:hang`)}>
          {words.hangIt}
        </Button>
        {isFailing && (
          <Button size="xs" variant="default" onClick={() => set({ fail: rest.join(',') })}>
            {words.mend}
          </Button>
        )}
      </Group>
      <Guards title={words.callers} edges={edges.filter(({ to }) => to === node.id)} read={({ from }) => from} />
      <Guards title={words.calls} edges={edges.filter(({ from }) => from === node.id)} read={({ to }) => to} />
    </Card>
  )
}

function Guards({ title, edges, read }: { title: string; edges: readonly MapEdge[]; read: (edge: MapEdge) => string }) {
  if (edges.length === 0) return null
  return (
    <>
      <Text size="xs" fw={700} mt={4}>
        {title}
      </Text>
      {edges.map((edge) => (
        <Text key={edge.id} size="xs">
          {read(edge)} · {edge.strength}
          {edge.guard.length > 0 && ` · ${edge.guard.join(', ')}${edge.isProved ? ' ✓' : ''}`}
          {edge.fallback && ` · → ${edge.fallback}`}
        </Text>
      ))}
    </>
  )
}
