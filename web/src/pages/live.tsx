import { Alert, Badge, Card, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import type { HubLive, LiveAlert, LiveOutage } from '../../../src/hub/index.ts'
import { usePushed } from '../api.ts'
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
      <Stack gap="md">
        <Text component="h1" fw={700} size="xl" m={0}>
          {words.live}
        </Text>
        <Alert title={words.labOff} color="gray" variant="outline">
          {words.labOffHelp}
        </Alert>
      </Stack>
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
      <Alerts live={live} />
      <Breakers live={live} />
      <Feeds live={live} />
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
  if (live.down.length === 0) return null
  if (live.hit.length === 0) return <Text>{words.stillWorks}</Text>
  return (
    <Section
      title={`${words.hit}: ${words.fallen} ${percent(live.downShare)}, ${words.degraded} ${percent(live.degradedShare)} ${words.ofBusiness}`}
    >
      {live.hit.map(({ flow, title, share, isDown }) => (
        <Text key={flow} fw={isDown ? 700 : 400}>
          {title}: {isDown ? words.fallen : words.degraded}, {percent(share)} {words.ofBusiness}
        </Text>
      ))}
    </Section>
  )
}

function Alerts({ live }: { live: HubLive }) {
  const words = useWords()
  if (live.alerts.length === 0) return null
  return (
    <Section title={words.alerts}>
      {live.alerts.map((alert) => (
        <FiringAlert key={alert.id} alert={alert} />
      ))}
    </Section>
  )
}

function FiringAlert({ alert }: { alert: LiveAlert }) {
  const words = useWords()
  const now = useNow()
  const { component, title, severity, summary, down, runbooks } = alert
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between">
        <Text fw={700}>
          {alert.alert} {severity !== undefined && <Badge color="gray.7">{severity}</Badge>}
        </Text>
        <Text size="sm">
          {words.since} {duration(Math.max(0, now - Date.parse(alert.startsAt ?? alert.receivedAt)))}
        </Text>
      </Group>
      {summary !== undefined && <Text size="sm">{summary}</Text>}
      <Text size="sm">
        {component === undefined ? words.notInModel : <Link to={`/component/${component}`}>{title}</Link>}
        {down !== undefined && down > 0 && `: ${words.alertDown} ${percent(down)} ${words.ofBusiness}`}
      </Text>
      <Text size="sm">
        {words.runbook}: {runbooks.length === 0 && words.noRunbook}
        {runbooks.map((name) => (
          <span key={name}>
            {' '}
            <Link to={`/runbooks?runbook=${encodeURIComponent(name)}`}>{name}</Link>
          </span>
        ))}
      </Text>
    </Card>
  )
}

const FEED_COLOURS = { fine: 'teal.9', trouble: 'orange.9', down: 'red.9', unknown: 'gray.7' }

function Feeds({ live }: { live: HubLive }) {
  const words = useWords()
  if (live.feeds.length === 0) return null
  return (
    <Section title={words.feeds}>
      {live.feeds.map(({ name, kind, component, state, says, members }) => (
        <Card key={name} withBorder padding={8}>
          <Text size="sm">
            <Badge color={FEED_COLOURS[state]} tt="none">
              {words[`feed_${state}`]}
            </Badge>{' '}
            <strong>{name}</strong> ({kind}){' '}
            {component !== undefined && <Link to={`/component/${component}`}>{component}</Link>} {says}
          </Text>
          {members.map((member) => (
            <Text key={member.name} size="xs" ff="monospace">
              {member.name}: {member.says}
            </Text>
          ))}
        </Card>
      ))}
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
      {live.parts.map(({ name, state, reason, faults, figures, pages }) => (
        <Card key={name} withBorder padding={8}>
          <Text size="sm" fw={600} truncate title={name}>
            {name}
          </Text>
          <Text size="xs" title={reason}>
            {state === 'ready' ? '●' : '○'} {state}
          </Text>
          {Object.entries(figures).map(([figure, value]) => (
            <Text key={figure} size="xs">
              {figure} {value}
            </Text>
          ))}
          {pages.map((page) => (
            <p key={page.title} className="xs">
              <a className="link" href={page.url}>
                {page.title}
              </a>
            </p>
          ))}
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
