import { Group, SegmentedControl, Stack, Text } from '@mantine/core'
import type { HubEvidence } from '../../../src/hub/index.ts'
import { useData } from '../api.ts'
import { Calendar } from '../parts/calendar.tsx'
import { Link, Section, Shown, Verdict } from '../parts/shown.tsx'
import { useRoute } from '../route.ts'
import { duration, moment } from '../say.ts'
import { useWords } from '../words.ts'

export default function Evidence() {
  const words = useWords()
  const { query, set } = useRoute()
  const view = query.get('view') ?? 'ledger'
  const loaded = useData('/api/evidence')
  return (
    <Stack gap="md">
      <Group gap="sm">
        <Text component="h1" fw={700} size="xl" m={0}>
          {words.evidence}
        </Text>
        <SegmentedControl
          size="xs"
          value={view}
          onChange={(chosen) => set({ view: chosen === 'ledger' ? undefined : chosen })}
          data={[
            { value: 'ledger', label: words.records },
            { value: 'calendar', label: words.calendar },
          ]}
        />
      </Group>
      <Shown
        loaded={loaded}
        isEmpty={({ records, claims }) => records.length + claims.length === 0}
        empty={words.noEvidence}
      >
        {(data) => (view === 'calendar' ? <Calendar expiries={data.expiries} /> : <Ledger data={data} />)}
      </Shown>
    </Stack>
  )
}

function Ledger({ data }: { data: HubEvidence }) {
  const words = useWords()
  const { query } = useRoute()
  const wanted = query.get('claim')
  const claims =
    wanted === null
      ? data.claims.filter(({ verdict, drills }) => verdict !== 'unknown' || drills.length > 0)
      : data.claims.filter(({ id }) => id === wanted)
  return (
    <>
      {data.damaged.map((text) => (
        <Text key={text} fw={700} role="alert">
          {text}
        </Text>
      ))}
      <Section title={wanted ?? words.verdicts}>
        <table className="rows">
          <tbody>
            {claims.map((claim) => (
              <tr key={claim.id}>
                <td>
                  <Verdict of={claim.verdict} />
                </td>
                <td>
                  <Text size="sm">
                    <Link to={`/evidence?claim=${encodeURIComponent(claim.id)}`}>{claim.id}</Link>
                  </Text>
                  <Text size="xs">{claim.reason}</Text>
                </td>
                <td>
                  <Text size="sm">
                    {claim.trials} / {claim.trialsNeeded} · {claim.environment ?? '–'}
                  </Text>
                </td>
                <td>
                  <Text size="sm">
                    {words.expires} {claim.expiresAt?.slice(0, 10) ?? '–'}
                  </Text>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section title={words.records}>
        <table className="rows">
          <tbody>
            {data.records
              .filter((record) => wanted === null || record.claims.some(({ claim }) => claim === wanted))
              .map((record) => (
                <tr key={record.file} id={record.id}>
                  <td>
                    <Text size="sm">{moment(record.at)}</Text>
                    <Text size="xs" ff="monospace">
                      {record.id}
                    </Text>
                  </td>
                  <td>
                    <Text size="sm">
                      <Link to={`/drills?drill=${record.drill}`}>{record.drill}</Link> ·{' '}
                      <Link to={`/compare?drill=${record.drill}&b=${record.id}`}>{words.compare}</Link> ·{' '}
                      {record.environment} · {duration(record.tookMs)}
                    </Text>
                    {record.claims.map(({ claim, verdict, because }) => (
                      <Text key={claim} size="xs">
                        <Verdict of={verdict} /> {claim}: {because}
                      </Text>
                    ))}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </Section>
    </>
  )
}
