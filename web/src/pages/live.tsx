import { Alert, Badge, Card, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import type { HubLive, HubOverview, LiveOutage } from '../../../src/hub/index.ts'
import { useData, usePushed } from '../api.ts'
import { useNow } from '../parts/now.ts'
import { Link, Section } from '../parts/shown.tsx'
import { duration, percent } from '../say.ts'
import { useWords } from '../words.ts'

/** Three in the morning: what is down, who is hit, which runbook. */
export default function Live() {
  const { live } = usePushed()
  const words = useWords()
  if (!live || live.state === 'off')
    return (
      <Alert title={words.labOff} color="gray" variant="outline">
        {words.labOffHelp}
      </Alert>
    )
  return (
    <Stack gap="md">
      <Text component="h1" fw={700} size="xl" m={0}>
        {live.down.length === 0 ? words.nothingDown : live.down.map(({ title }) => title).join(', ')}
      </Text>
      {live.down.length === 0 && <Text>{words.nothingDownHelp}</Text>}
      {live.down.map((outage) => (
        <Outage key={outage.component} outage={outage} />
      ))}
      <Hit live={live} />
      <Breakers live={live} />
      <Parts live={live} />
    </Stack>
  )
}

function Outage({ outage }: { outage: LiveOutage }) {
  const words = useWords()
  const now = useNow()
  const minutes = Math.max(0, now - Date.parse(outage.since)) / 60_000
  return (
    <Card withBorder padding="md" role="alert">
      <Group justify="space-between">
        <Text fw={700} size="lg">
          <Link to={`/component/${outage.component}`}>{outage.title}</Link>{' '}
          {outage.mode === 'hang' ? words.hangs : words.down}
        </Text>
        <Text>
          {words.since} {duration(minutes * 60_000)}
        </Text>
      </Group>
      <Text size="md" mt={4}>
        {words.runbook}:{' '}
        {outage.runbook === undefined ? (
          words.noRunbook
        ) : (
          <Link to={`/runbooks?runbook=${encodeURIComponent(outage.runbook)}`}>{outage.runbook}</Link>
        )}
      </Text>
      {outage.burns.map(({ flow, budgetMinutes }) => (
        <Stack key={flow} gap={2} mt={6}>
          <Text size="sm">
            {flow}: {percent(minutes / budgetMinutes)} {words.burned}
          </Text>
          <Progress
            value={Math.min(100, (minutes / budgetMinutes) * 100)}
            color="red.9"
            aria-label={`${flow}: ${words.burned}`}
          />
        </Stack>
      ))}
    </Card>
  )
}

function Hit({ live }: { live: HubLive }) {
  const words = useWords()
  const overview = useData<HubOverview>('/api/overview')
  const titles = new Map(overview.state === 'there' ? overview.data.flows.map(({ id, title }) => [id, title]) : [])
  const name = (id: string) => titles.get(id) ?? id
  if (live.down.length === 0) return null
  return (
    <Section title={words.hit}>
      <Text>
        {words.fallen}: {live.flowsDown.map(name).join(', ') || '–'} ({percent(live.downShare)} {words.ofBusiness})
      </Text>
      <Text>
        {words.degraded}: {live.flowsDegraded.map(name).join(', ') || '–'} ({percent(live.degradedShare)}{' '}
        {words.ofBusiness})
      </Text>
    </Section>
  )
}

function Breakers({ live }: { live: HubLive }) {
  const words = useWords()
  if (live.breakers.length === 0) return null
  return (
    <Section title={words.breakersOpen}>
      {live.breakers.map(({ guard, instance, state }) => (
        <Text key={`${guard} ${instance}`} size="sm">
          {guard} <Badge color={state === 'open' ? 'red.9' : 'orange.9'}>{state}</Badge> {instance}
        </Text>
      ))}
    </Section>
  )
}

function Parts({ live }: { live: HubLive }) {
  const words = useWords()
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="xs">
      {live.parts.map(({ name, state, reason, faults }) => (
        <Card key={name} withBorder padding={8}>
          <Text size="sm" fw={600} truncate title={name}>
            {name}
          </Text>
          <Text size="xs" title={reason}>
            {state === 'ready' ? '●' : '○'} {state}
          </Text>
          {faults.length > 0 && (
            <Text size="xs" fw={700}>
              {words.brokenOnPurpose}: {faults.join(', ')}
            </Text>
          )}
        </Card>
      ))}
    </SimpleGrid>
  )
}
