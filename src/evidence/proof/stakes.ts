import { assessOnly, listProved } from '../../assess/index.ts'
import type { SystemModel } from '../../model/index.ts'

/** Enough for exact figures of real platforms; larger ones get the upper end of an interval. */
const LIMITS = { nodesMax: 200_000, importanceMax: 0 }

/**
 * What hangs on the proof of each mitigation in place, by id: minutes down a year, weighted by business share, that
 * come back without it. The larger of what it removes alone, from the proved platform, and last, from the claimed one:
 * two mitigations that help only together both count.
 */
export function weighMitigations(model: SystemModel, supported: ReadonlySet<string>): Map<string, number> {
  const inPlace = model.mitigations.filter(({ state, claims }) => state === 'in-place' && claims.length > 0)
  const proved = listProved(model, supported)
  const claimed = model.mitigations.filter(({ state }) => state === 'in-place').map(({ id }) => id)
  const known = new Map<string, number>()
  const minutesWith = (mitigations: readonly string[]): number => {
    const ids = model.mitigations.map(({ id }) => id).filter((id) => mitigations.includes(id))
    const minutes = known.get(ids.join(' ')) ?? measureDowntime(model, ids)
    known.set(ids.join(' '), minutes)
    return minutes
  }
  return new Map(
    inPlace.map(({ id }) => {
      const rest = proved.filter((other) => other !== id)
      const alone = minutesWith(rest) - minutesWith([...rest, id])
      const last = minutesWith(claimed.filter((other) => other !== id)) - minutesWith(claimed)
      return [id, Math.max(0, alone, last)]
    }),
  )
}

function measureDowntime(model: SystemModel, mitigations: readonly string[]): number {
  const view = assessOnly(model, mitigations, { limits: LIMITS })
  return view.flows.reduce((sum, { flow, minutesDownPerYear }) => sum + flow.share * minutesDownPerYear, 0)
}
