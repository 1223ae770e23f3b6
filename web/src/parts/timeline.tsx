import type { HubRun, LoadBin } from '../../../src/hub/index.ts'
import { Chart } from './chart.tsx'

/** Success of the load and its slowest answers, then each probe; faults and undos are marked. */
export function Timeline({ run }: { run: HubRun }) {
  const loads = Object.entries(run.loads)
  const probes = Object.entries(run.probes).filter(([, looks]) => looks.some(([, value]) => value !== null))
  return (
    <>
      {loads.map(([name, bins]) => (
        <Chart
          key={name}
          events={run.events}
          labels={[`${name}: served %`, 'slowest ms']}
          data={[seconds(bins), bins.map(servedPercent), bins.map(({ slowestMs }) => Math.round(slowestMs))]}
        />
      ))}
      {probes.map(([name, looks]) => (
        <Chart
          key={name}
          events={run.events}
          labels={[name]}
          data={[looks.map(([atMs]) => atMs / 1000), looks.map(([, value]) => value)]}
        />
      ))}
    </>
  )
}

const seconds = (bins: readonly LoadBin[]) => bins.map(({ atMs }) => atMs / 1000)

export function servedPercent({ ok, degraded, failed }: LoadBin): number {
  return (100 * (ok + degraded)) / Math.max(1, ok + degraded + failed)
}
