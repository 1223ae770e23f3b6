import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { ClaimEntry, DrillEntry, HubRun } from '../../../src/hub/index.ts'
import { act, useData, usePushed } from '../api.ts'
import { Runnable } from '../parts/runnable.tsx'
import { Link, Section, Shown, Verdict } from '../parts/shown.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { useRoute } from '../route.ts'
import { moment } from '../say.ts'
import { useWords } from '../words.ts'

export default function Drills() {
  const words = useWords()
  const drills = useData('/api/drills')
  const claims = useData('/api/claims')
  const runs = useData('/api/runs')
  const { run } = usePushed()
  const known = new Map(claims.state === 'there' ? claims.data.map((claim) => [claim.id, claim]) : [])
  return (
    <Stack gap="md">
      <Text component="h1" fw={700} size="xl" m={0}>
        {words.drills}
      </Text>
      {run && <Run run={run} />}
      <Shown loaded={drills} isEmpty={(all) => all.length === 0} empty={words.noDrills}>
        {(all) =>
          all.map((drill) => (
            <Drill
              key={drill.name}
              drill={drill}
              claims={known}
              runs={runs.state === 'there' ? runs.data.filter((past) => past.drill === drill.name).length : 0}
              isBusy={isBusy(run)}
            />
          ))
        }
      </Shown>
    </Stack>
  )
}

function isBusy(run: HubRun | undefined): boolean {
  return run !== undefined && run.state !== 'ended'
}

interface DrillProps {
  readonly drill: DrillEntry
  readonly claims: ReadonlyMap<string, ClaimEntry>
  /** How often it was run, as far as records and this machine know. */
  readonly runs: number
  readonly isBusy: boolean
}

function Drill({ drill, claims, runs, isBusy }: DrillProps) {
  const words = useWords()
  const { query } = useRoute()
  return (
    <Runnable
      name={drill.name}
      isChosen={query.get('drill') === drill.name}
      isBusy={isBusy}
      problems={drill.problems}
      onRun={() => act('/api/drills/:drill/run', { asks: { drill: drill.name } })}
      head={
        <>
          <Text component="h2" size="md" fw={600} m={0}>
            {drill.name}
          </Text>
          <Text size="sm">{drill.title}</Text>
        </>
      }
    >
      {drill.proves.map((id) => {
        const claim = claims.get(id)
        return (
          <Text key={id} size="sm" mt={4}>
            <Verdict of={claim?.verdict ?? 'unknown'} />{' '}
            <Link to={`/evidence?claim=${encodeURIComponent(id)}`}>{id}</Link>{' '}
            {claim?.at === undefined ? words.never : `${words.lastRun} ${moment(claim.at)}`}
          </Text>
        )
      })}
      {runs > 0 && (
        <Text size="sm" mt={4}>
          {words.runs}: {runs} · <Link to={`/compare?drill=${drill.name}`}>{words.compare}</Link>
        </Text>
      )}
    </Runnable>
  )
}

function Run({ run }: { run: HubRun }) {
  const words = useWords()
  const [trouble, setTrouble] = useState('')
  const stop = () => act('/api/run/stop').catch((error: Error) => setTrouble(error.message))
  return (
    <Card withBorder padding="sm" aria-live="polite">
      <Group justify="space-between">
        <Text fw={700}>
          {run.drill} ·{' '}
          {run.state === 'ended' ? run.verdict ? <Verdict of={run.verdict.verdict} /> : run.trouble : run.step}
        </Text>
        {run.state !== 'ended' && (
          <Button size="xs" color="red.9" onClick={stop} disabled={run.state === 'stopping'}>
            {words.stop}
          </Button>
        )}
      </Group>
      {trouble !== '' && <Text role="alert">{trouble}</Text>}
      {run.verdict?.claims.map(({ claim, verdict, because }) => (
        <Text key={claim} size="sm">
          <Verdict of={verdict} /> {claim}: {because}
        </Text>
      ))}
      {run.verdict?.record && (
        <Text size="sm">
          <Link to="/evidence">{run.verdict.record}</Link> ·{' '}
          <Link to={`/compare?drill=${run.drill}`}>{words.compare}</Link>
        </Text>
      )}
      <Timeline run={run} />
      <Section title="">
        {run.events.slice(-8).map(({ atMs, text }) => (
          <Text key={`${atMs} ${text}`} size="sm" ff="monospace">
            {(atMs / 1000).toFixed(1).padStart(6)} s {text}
          </Text>
        ))}
      </Section>
    </Card>
  )
}
