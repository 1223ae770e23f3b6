import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseModel, type SystemModel } from '../model/index.ts'
import { assess, type FlowView, failTogether } from './index.ts'
import { type BasicEvent, probabilityOf } from './semantics/basic-event.ts'
import { NaivePlatform } from './testing/naive-semantics.ts'
import { randomModel } from './testing/random-model.ts'

/** Platforms for each property; thousands in all. More on request: LINCHPIN_RUNS=20000. */
const RUNS = Number(process.env.LINCHPIN_RUNS ?? 1_000)
const YEAR_MINUTES = 365 * 24 * 60

function read(text: string): SystemModel {
  const { model, problems } = parseModel([{ file: 'random.yaml', text }])
  if (!model) throw new Error(JSON.stringify(problems))
  return model
}

function name({ component, mode, instance, cause }: BasicEvent): string {
  return [component.id, mode, instance, cause].join(' ')
}

function cutSetsOf(flow: FlowView, order: number): string[] {
  const sets = flow.cutSets.list().filter((set) => set.order === order)
  return sets.map((set) => set.events.map(name).sort().join(' + ')).sort()
}

describe('the assessment agrees with the rules applied state by state', () => {
  it('finds exactly the cut sets of order 1 and 2', () => {
    fc.assert(
      fc.property(randomModel, (text) => {
        const model = read(text)
        const naive = new NaivePlatform(model)
        const events = naive.events.filter((event) => event.cause !== 'common-cause')
        const view = assess(model, { limits: { nodesMax: 0, importanceMax: 0 } }).claimed
        const single = new Map(events.map((event) => [event, naive.look(new Set([event])).down]))
        view.flows.forEach((flow, i) => {
          const alone = events.filter((event) => single.get(event)?.[i])
          expect(cutSetsOf(flow, 1)).toEqual(alone.map(name).sort())
        })
        const found: string[][] = view.flows.map(() => [])
        events.forEach((a, n) => {
          for (const b of events.slice(n + 1)) {
            const { down } = naive.look(new Set([a, b]))
            down.forEach((isDown, i) => {
              if (isDown && !single.get(a)?.[i] && !single.get(b)?.[i])
                found[i]?.push([name(a), name(b)].sort().join(' + '))
            })
          }
        })
        expect(view.flows.map((flow) => cutSetsOf(flow, 2))).toEqual(found.map((pairs) => pairs.sort()))
      }),
      { numRuns: RUNS },
    )
  })

  it('gives the exact time down and degraded', () => {
    let compared = 0
    fc.assert(
      fc.property(randomModel, (text) => {
        const model = read(text)
        const naive = new NaivePlatform(model)
        if (naive.events.length > 8) return
        compared++
        const flows = assess(model).claimed.flows
        const down = flows.map(() => 0)
        const impaired = flows.map(() => 0)
        for (let state = 0; state < 2 ** naive.events.length; state++) {
          const present = new Set(naive.events.filter((_, bit) => (state >> bit) & 1))
          const weight = naive.events.reduce(
            (p, event) => p * (present.has(event) ? probabilityOf(event) : 1 - probabilityOf(event)),
            1,
          )
          const seen = naive.look(present)
          flows.forEach((_, i) => {
            if (seen.down[i]) down[i] = (down[i] ?? 0) + weight
            if (seen.impaired[i]) impaired[i] = (impaired[i] ?? 0) + weight
          })
        }
        flows.forEach((flow, i) => {
          expect(flow.minutesDownPerYear).toBeCloseTo((down[i] ?? 0) * YEAR_MINUTES, 5)
          expect(flow.minutesDegradedPerYear).toBeCloseTo(((impaired[i] ?? 0) - (down[i] ?? 0)) * YEAR_MINUTES, 5)
        })
      }),
      { numRuns: 2 * RUNS },
    )
    expect(compared).toBeGreaterThan(RUNS / 2)
  })

  it('sees the same flows fall when whole components fail together', () => {
    fc.assert(
      fc.property(randomModel, fc.constantFrom('crash', 'hang'), fc.nat(), fc.nat(), (text, mode, a, b) => {
        const model = read(text)
        const naive = new NaivePlatform(model)
        const chosen = [a, b].map((n) => model.components[n % model.components.length]?.id ?? '')
        const failing = chosen.map((component) => ({ component, mode }) as const)
        const present = naive.events.filter((event) => event.mode === mode && chosen.includes(event.component.id))
        const seen = naive.look(new Set(present))
        const fallen = failTogether(model, failing)
        expect(fallen.down).toEqual(model.flows.filter((_, i) => seen.down[i]).map(({ id }) => id))
        const degraded = model.flows.filter((_, i) => seen.impaired[i] && !seen.down[i]).map(({ id }) => id)
        expect(fallen.degraded).toEqual(degraded)
      }),
      { numRuns: RUNS },
    )
  })
})
