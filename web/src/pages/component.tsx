import { Group, Stack, Text } from '@mantine/core'
import type { HubComponent } from '../../../src/hub/index.ts'
import { useData } from '../api.ts'
import { Link, Section, Shown, Verdict } from '../parts/shown.tsx'
import { useRoute } from '../route.ts'
import { duration, percent } from '../say.ts'
import { useWords } from '../words.ts'

const STATES = ['was', 'claimed', 'proved', 'target'] as const

export default function Component() {
  const { path } = useRoute()
  const loaded = useData('/api/components/:id', { id: path.split('/')[2] ?? '' })
  return <Shown loaded={loaded}>{(component) => <Sight component={component} />}</Shown>
}

function Sight({ component }: { component: HubComponent }) {
  const words = useWords()
  const { id, title, kind, tier, instances, needs, where, runbook } = component
  return (
    <Stack gap="md">
      <Group justify="space-between" align="baseline">
        <Text component="h1" fw={700} size="xl" m={0}>
          {title}
        </Text>
        <Text size="sm">
          <Link to={`/map?pick=${id}&fail=${id}`}>{words.failIt}</Link>
        </Text>
      </Group>
      <Text size="sm">
        {kind} · {tier ?? '–'} · {needs} / {instances} · <span style={{ fontFamily: 'monospace' }}>{where}</span> ·{' '}
        {words.runbook}:{' '}
        {runbook === undefined ? (
          words.noRunbook
        ) : (
          <Link to={`/docs?page=${encodeURIComponent(runbook)}`}>{runbook}</Link>
        )}
      </Text>
      <Figures component={component} />
      <Section title={words.restsOn}>
        {component.witnesses.map(({ flow, path }) => (
          <Text key={flow} size="sm">
            {flow}: {path.join(' → ')}
          </Text>
        ))}
      </Section>
      <Neighbours title={words.callers} ids={component.callers} />
      <Neighbours title={words.calls} ids={component.dependencies} />
      <Claims component={component} />
      <Section title={words.roadmap}>
        {component.mitigations.map((text) => (
          <Text key={text} size="sm">
            {text}
          </Text>
        ))}
      </Section>
    </Stack>
  )
}

function Figures({ component }: { component: HubComponent }) {
  const words = useWords()
  const rows: readonly [string, (state: (typeof STATES)[number]) => string][] = [
    [`${words.blastRadius} (crash)`, (state) => percent(component.states[state].down)],
    [`${words.degrades} (crash)`, (state) => percent(component.states[state].degraded)],
    [`${words.blastRadius} (hang)`, (state) => percent(component.states[state].hangDown)],
    [
      words.risk,
      (state) => (component.states[state].risk === undefined ? '–' : percent(component.states[state].risk ?? 0)),
    ],
    [words.minutesDown, (state) => String(Math.round(component.states[state].minutesDown))],
    ['RTO (bound)', (state) => duration(component.states[state].rtoBoundMs)],
    ['RTO (measured)', (state) => duration(component.states[state].rtoMeasuredMs)],
    ['SPOF', (state) => component.states[state].kinds.join(', ') || '–'],
  ]
  return (
    <table className="rows">
      <thead>
        <tr>
          <th />
          {STATES.map((state) => (
            <th key={state}>
              <Text size="sm">{words[state]}</Text>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, read]) => (
          <tr key={label}>
            <td>
              <Text size="sm">{label}</Text>
            </td>
            {STATES.map((state) => (
              <td key={state}>
                <Text size="sm">{read(state)}</Text>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Neighbours({ title, ids }: { title: string; ids: readonly string[] }) {
  if (ids.length === 0) return null
  return (
    <Section title={title}>
      <Group gap="sm">
        {[...new Set(ids)].map((id) => (
          <Text key={id} size="sm">
            <Link to={`/component/${id}`}>{id}</Link>
          </Text>
        ))}
      </Group>
    </Section>
  )
}

function Claims({ component }: { component: HubComponent }) {
  const words = useWords()
  return (
    <Section title={words.verdicts}>
      {component.claims.map(({ id, verdict, reason, drills }) => (
        <Text key={id} size="sm">
          <Verdict of={verdict} /> <Link to={`/evidence?claim=${encodeURIComponent(id)}`}>{id}</Link>: {reason}{' '}
          {drills.map((drill) => (
            <Link key={drill} to={`/drills?drill=${drill}`}>
              {drill}
            </Link>
          ))}
        </Text>
      ))}
    </Section>
  )
}
