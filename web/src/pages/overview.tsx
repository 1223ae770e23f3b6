import { Badge, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useDeferredValue } from 'react'
import type { ComponentRow, FlowRow, HubOverview } from '../../../src/hub/index.ts'
import { useData } from '../api.ts'
import { RiskBar } from '../parts/risk-bar.tsx'
import { Link, Section, Shown } from '../parts/shown.tsx'
import { duration, measure, percent } from '../say.ts'
import { useWords } from '../words.ts'

const GROUPS = ['infrastructure', 'services', 'external'] as const
/** As many as a laptop shows without scrolling. */
const ROWS_MAX = 9
const RISK_HELP = 'risk-help'

// Text in plain elements: a component of Mantine for each of the hundreds here takes longer than all the rest.

export default function Overview() {
  const loaded = useData('/api/overview')
  return <Shown loaded={loaded}>{(data) => <Sight data={data} />}</Shown>
}

function Sight({ data }: { data: HubOverview }) {
  const words = useWords()
  const { supported, refuted, claims, records } = data.evidence
  // What is below the first sight does not hold it up.
  const isSeen = useDeferredValue(true, false)
  return (
    <Stack gap="md">
      <Group justify="space-between" align="baseline">
        <Text component="h1" fw={700} size="xl" m={0}>
          {data.title}
        </Text>
        <Group gap="xs">
          <Badge color="teal.9" variant="filled" tt="none">
            {supported} / {claims} {words.proved}
          </Badge>
          {refuted > 0 && (
            <Badge color="red.9" variant="filled" tt="none">
              {refuted} refuted
            </Badge>
          )}
          <span className="sm">
            <Link to="/evidence">
              {records} {words.records.toLowerCase()}
            </Link>
          </span>
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="md">
        {GROUPS.map((group) => (
          <GroupCard key={group} title={words[group]} rows={data.components.filter((row) => row.group === group)} />
        ))}
      </SimpleGrid>
      <div popover="auto" id={RISK_HELP} className="sm">
        {words.riskHelp}
      </div>
      {isSeen && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <Flows flows={data.flows} titles={new Map(data.components.map(({ id, title }) => [id, title]))} />
          <Stack gap="md">
            <Metrics data={data} />
            <Due data={data} />
            <Expiring data={data} />
          </Stack>
        </SimpleGrid>
      )}
    </Stack>
  )
}

function GroupCard({ title, rows }: { title: string; rows: readonly ComponentRow[] }) {
  const words = useWords()
  const worth = rows.filter(
    ({ proved, claimed, shown }) => proved.down + claimed.down > 0 || proved.spofOf.length > 0 || shown.length > 0,
  )
  const rest = worth.length - ROWS_MAX
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between">
        <Text component="h2" fw={600} m={0} size="md">
          {title}
        </Text>
        <button type="button" className="help xs" popoverTarget={RISK_HELP}>
          {words.risk}
        </button>
      </Group>
      {worth.slice(0, ROWS_MAX).map((row) => (
        <Row key={row.id} row={row} />
      ))}
      {rest > 0 && (
        <p className="xs">
          <Link to="/map">{words.andMore.replace('{n}', String(rest))}</Link>
        </p>
      )}
    </Card>
  )
}

function Row({ row }: { row: ComponentRow }) {
  const words = useWords()
  const { claimed, proved, title, id, next, shown } = row
  const risk = (of: typeof claimed) => of.risk ?? of.down
  const label = `${title}: ${words.proved} ${percent(risk(proved))}, ${words.claimed} ${percent(risk(claimed))}`
  const takes = proved.down > 0 ? `${words.blastRadius} ${percent(proved.down)} ${words.ofBusiness}` : undefined
  return (
    <div className="group-row">
      <p className="sm name" title={[takes, next, ...shown].filter(Boolean).join(' · ')}>
        <Link to={`/component/${id}`}>{title}</Link>
        {takes && <span className="xs">{percent(proved.down)}</span>}
        {shown.length > 0 && <span>✓</span>}
      </p>
      <RiskBar claimed={risk(claimed)} proved={risk(proved)} label={label} />
      <p className="xs right">{percent(risk(proved))}</p>
    </div>
  )
}

function Flows({ flows, titles }: { flows: readonly FlowRow[]; titles: ReadonlyMap<string, string> }) {
  const words = useWords()
  return (
    <Section title={words.flows}>
      <table className="rows">
        <tbody>
          {flows.map((flow) => {
            const certain = flow.proved.spofs.filter(({ isAssumed }) => !isAssumed)
            const isOver = flow.budgetMinutes !== undefined && flow.proved.minutesDown > flow.budgetMinutes
            return (
              <tr key={flow.id}>
                <td>
                  <p className="sm">
                    <Link to={`/map?flow=${flow.id}`}>{flow.title}</Link>
                  </p>
                  <p className="xs">
                    {percent(flow.share)} {words.ofBusiness}
                  </p>
                </td>
                <td>
                  <p className="sm">
                    {Math.round(flow.proved.minutesDown)} {words.minutesDown}
                  </p>
                  <p className={isOver ? 'xs bold' : 'xs'}>
                    {words.claimed} {Math.round(flow.claimed.minutesDown)}
                    {flow.budgetMinutes !== undefined && ` / ${Math.round(flow.budgetMinutes)}`}
                    {isOver && ` · ${words.overBudget}`}
                  </p>
                </td>
                <td className="xs">
                  {words.restsOn}{' '}
                  {certain
                    .slice(0, 4)
                    .map(({ component }) => titles.get(component) ?? component)
                    .join(', ') || '–'}
                  {certain.length > 4 && ` ${words.andMore.replace('{n}', String(certain.length - 4))}`}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Section>
  )
}

function Metrics({ data }: { data: HubOverview }) {
  const words = useWords()
  return (
    <Section title={words.metrics}>
      <table className="rows">
        <thead>
          <tr>
            {['', words.said, words.claimed, words.proved, words.target, words.due].map((title) => (
              <th key={title} className="xs">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.metrics.map((metric) => (
            <tr key={metric.id}>
              {[
                metric.title,
                metric.said ?? '–',
                measure(metric.claimed, metric.unit),
                measure(metric.proved, metric.unit),
                measure(metric.target, metric.unit),
                metric.due ?? '–',
              ].map((text, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move.
                <td key={i} className="sm">
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Due({ data }: { data: HubOverview }) {
  const words = useWords()
  const soon = data.due.slice(0, 4)
  if (soon.length === 0) return null
  return (
    <Section title={words.nextDrill}>
      {soon.map(({ drill, dueAt, minutesAtStake }) => (
        <p key={drill} className="sm">
          <Link to={`/drills?drill=${drill}`}>{drill}</Link> · {words.expires} {dueAt.slice(0, 10)} ·{' '}
          {duration(minutesAtStake * 60_000)}
        </p>
      ))}
    </Section>
  )
}

const SOON_MS = 14 * 24 * 60 * 60 * 1000

/** What stops counting next; bold within two weeks. */
function Expiring({ data }: { data: HubOverview }) {
  const words = useWords()
  const isSoon = (at: string) => Date.parse(at) - Date.parse(data.asOf) < SOON_MS
  return (
    <Section title={words.expiringSoon}>
      {!data.expiries.some(({ expiresAt }) => isSoon(expiresAt)) && <p className="sm">{words.nothingExpires}</p>}
      {data.expiries.map(({ expiresAt, drill, claims }) => (
        <p key={`${expiresAt} ${drill}`} className={isSoon(expiresAt) ? 'sm bold' : 'sm'}>
          {expiresAt.slice(0, 10)} · {words.verdicts}: {claims.length} ·{' '}
          {drill === undefined ? (
            words.noDrillRenews
          ) : (
            <>
              {words.renews} <Link to={`/drills?drill=${drill}`}>{drill}</Link>
            </>
          )}
        </p>
      ))}
      <p className="sm">
        <Link to="/evidence?view=calendar">{words.calendar}</Link>
      </p>
    </Section>
  )
}
