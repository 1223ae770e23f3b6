import { Group, NativeSelect, Stack, Text } from '@mantine/core'
import type { KeptRun, RunEntry } from '../../../src/hub/index.ts'
import { useData } from '../api.ts'
import { FiguresSideBySide } from '../parts/figures-side-by-side.tsx'
import { Overlaid } from '../parts/overlaid.tsx'
import { Link, Section, Shown, Verdict } from '../parts/shown.tsx'
import { useRoute } from '../route.ts'
import { duration, moment } from '../say.ts'
import { useWords } from '../words.ts'

/** Two runs of a drill: what became better or worse. Which ones stands in the address. */
export default function Compare() {
  const words = useWords()
  const runs = useData('/api/runs')
  return (
    <Stack gap="md">
      <Text component="h1" fw={700} size="xl" m={0}>
        {words.compareTitle}
      </Text>
      <Shown loaded={runs} isEmpty={(all) => all.length === 0} empty={words.noRuns}>
        {(all) => <Choice runs={all} />}
      </Shown>
    </Stack>
  )
}

function Choice({ runs }: { runs: readonly RunEntry[] }) {
  const words = useWords()
  const { query, set } = useRoute()
  const drills = [...new Set(runs.map(({ drill }) => drill))].sort()
  const drill = query.get('drill') ?? runs[0]?.drill ?? ''
  const own = runs.filter((run) => run.drill === drill)
  // A link may name the record of a run instead.
  const chosen = (name: string) => {
    const wanted = query.get(name)
    return wanted === null ? undefined : own.find(({ id, record }) => id === wanted || record?.includes(wanted))?.id
  }
  const second = chosen('b') ?? own[0]?.id ?? ''
  const first = chosen('a') ?? own.find(({ id }) => id !== second)?.id ?? ''
  const choices = own.map((run) => ({
    value: run.id,
    label: `${moment(run.at)} · ${run.verdict} · ${run.environment}`,
  }))
  return (
    <>
      <Group gap="sm" align="end">
        <NativeSelect
          size="xs"
          label={words.drills}
          value={drill}
          data={drills}
          onChange={(event) => set({ drill: event.currentTarget.value, a: undefined, b: undefined })}
        />
        {own.length > 1 && (
          <>
            <NativeSelect
              size="xs"
              label={words.first}
              value={first}
              data={choices}
              onChange={(event) => set({ drill, b: second, a: event.currentTarget.value })}
            />
            <NativeSelect
              size="xs"
              label={words.second}
              value={second}
              data={choices}
              onChange={(event) => set({ drill, a: first, b: event.currentTarget.value })}
            />
          </>
        )}
      </Group>
      {first === '' || second === '' ? (
        <Text>{own.length === 0 ? words.noRuns : words.oneRun}</Text>
      ) : (
        <Both first={first} second={second} />
      )}
    </>
  )
}

function Both({ first, second }: { first: string; second: string }) {
  const a = useData('/api/runs/:run', { run: first })
  const b = useData('/api/runs/:run', { run: second })
  return (
    <Shown loaded={a}>{(one) => <Shown loaded={b}>{(other) => <Sight first={one} second={other} />}</Shown>}</Shown>
  )
}

function Sight({ first, second }: { first: KeptRun; second: KeptRun }) {
  const words = useWords()
  const { query, set } = useRoute()
  const trials = Math.max(first.trials.length, second.trials.length)
  const chosen = Math.min(trials, Math.max(1, Number(query.get('trial') ?? 1)))
  return (
    <Stack gap="md">
      <Said title={words.first} run={first} />
      <Said title={words.second} run={second} />
      <FiguresSideBySide first={first.trials} second={second.trials} />
      <Section title={words.meanwhile}>
        {trials > 1 && (
          <NativeSelect
            size="xs"
            w={140}
            label={words.trial}
            value={String(chosen)}
            data={Array.from({ length: trials }, (_, i) => String(i + 1))}
            onChange={(event) => set({ trial: event.currentTarget.value })}
          />
        )}
        {first.hasTimeline || second.hasTimeline ? (
          <Overlaid first={first.trials[chosen - 1]} second={second.trials[chosen - 1]} />
        ) : null}
        {!(first.hasTimeline && second.hasTimeline) && <Text size="sm">{words.noTimeline}</Text>}
      </Section>
    </Stack>
  )
}

function Said({ title, run }: { title: string; run: KeptRun }) {
  return (
    <Text size="sm">
      <strong>{title}</strong> · {moment(run.at)} · {run.environment} · {duration(run.tookMs)} ·{' '}
      <Verdict of={run.verdict} /> {run.because}{' '}
      {run.claims.map((claim) => (
        <span key={claim}>
          <Link to={`/evidence?claim=${encodeURIComponent(claim)}`}>{claim}</Link>{' '}
        </span>
      ))}
    </Text>
  )
}
