import uPlot from 'uplot'
import type { KeptTrial } from '../../../src/hub/index.ts'
import { useWords } from '../words.ts'
import { Chart } from './chart.tsx'
import { servedPercent } from './timeline.tsx'

type Points = readonly (readonly [atMs: number, value: number | null])[]

/** Each load and probe of both trials in one picture, from the moment of the fault on. */
export function Overlaid({ first, second }: { first: KeptTrial | undefined; second: KeptTrial | undefined }) {
  const words = useWords()
  const events = [first, second].flatMap((trial) =>
    (trial?.events ?? []).map(({ atMs, text }) => ({ atMs: atMs - (trial?.faultMs ?? 0), text })),
  )
  const pairs = [
    ...namesOf(first?.loads, second?.loads).map((name) => ({
      title: `${name} ${words.servedPercent}`,
      a: served(first, name),
      b: served(second, name),
    })),
    ...namesOf(first?.probes, second?.probes).map((name) => ({
      title: name,
      a: since(first, first?.probes[name] ?? []),
      b: since(second, second?.probes[name] ?? []),
    })),
  ]
  const drawn = pairs.filter(({ a, b }) => [...a, ...b].some(([, value]) => value !== null))
  return drawn.map(({ title, a, b }) => (
    <Chart
      key={title}
      isOneScale
      events={events}
      labels={[`${title}, ${words.first}`, `${title}, ${words.second}`]}
      data={uPlot.join([columns(a), columns(b)]) as (number | null)[][]}
    />
  ))
}

function namesOf(...all: (Readonly<Record<string, unknown>> | undefined)[]): string[] {
  return [...new Set(all.flatMap((one) => Object.keys(one ?? {})))]
}

/** A half second without a request is a gap, not a failure. */
function served(trial: KeptTrial | undefined, load: string): Points {
  const bins = (trial?.loads[load] ?? []).filter(({ ok, degraded, failed }) => ok + degraded + failed > 0)
  return since(
    trial,
    bins.map((bin) => [bin.atMs, servedPercent(bin)]),
  )
}

function since(trial: KeptTrial | undefined, points: Points): Points {
  return points.map(([atMs, value]) => [atMs - (trial?.faultMs ?? 0), value])
}

function columns(points: Points): uPlot.AlignedData {
  return [points.map(([atMs]) => atMs / 1000), points.map(([, value]) => value)]
}
