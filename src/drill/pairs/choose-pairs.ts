import type { Failing } from '../../assess/index.ts'
import type { LabPlan } from '../../lab/index.ts'
import type { SystemModel } from '../../model/index.ts'
import { claimedComponents, type Prediction, predict } from '../run/predict.ts'

/** One instance that is broken, in words of the lab. */
export interface Harm {
  readonly fault: 'kill' | 'freeze'
  /** An instance, such as shop.2. */
  readonly target: string
  readonly component: string
}

/** Two things broken at once, and what the model says of each flow then. */
export interface Pair {
  readonly first: Harm
  readonly second: Harm
  readonly predicted: ReadonlyMap<string, Prediction>
}

export interface PairWishes {
  /** Parts that may be broken. */
  readonly parts: readonly string[]
  /** What the model calls parts by another name. */
  readonly names: Readonly<Record<string, string>>
  /** The flows that are watched. */
  readonly flows: readonly string[]
  /** How many pairs; half of them take a flow down, if there are so many. */
  readonly count: number
  /** The same seed draws the same pairs. */
  readonly seed: number
}

const MODES = { kill: 'crash', freeze: 'hang' } as const

/**
 * Pairs worth trying. Those that take a flow down are its minimal cut sets of order 2: neither half does it alone. In
 * the others no flow is down at all. Two that differ only in which of equal instances is hit count as one.
 */
export function choosePairs(model: SystemModel, lab: LabPlan, wishes: PairWishes): Pair[] {
  const harms = listHarms(model, lab, wishes)
  const downAlone = harms.map((harm) => findDown(predict(model, asFailing([harm])), wishes.flows))
  const seen = new Set<string>()
  const pairs: { pair: Pair; isDown: boolean }[] = []
  for (const [i, first] of harms.entries())
    for (const [j, second] of harms.entries()) {
      if (j <= i || first.target === second.target) continue
      const kind = kindOf(first, second)
      if (seen.has(kind)) continue
      seen.add(kind)
      const predicted = predict(model, asFailing([first, second]))
      const down = findDown(predicted, wishes.flows)
      const isMinimal = down.some((flow) => !downAlone[i]?.includes(flow) && !downAlone[j]?.includes(flow))
      if (isMinimal || down.length === 0) pairs.push({ pair: { first, second, predicted }, isDown: isMinimal })
    }
  const drawn = shuffle(pairs, wishes.seed)
  const half = Math.ceil(wishes.count / 2)
  const down = drawn.filter(({ isDown }) => isDown).slice(0, half)
  const served = drawn.filter(({ isDown }) => !isDown).slice(0, wishes.count - down.length)
  // In turns, so that a run that is cut short has tried both.
  const turns = Math.max(down.length, served.length)
  return Array.from({ length: turns }, (_, turn) => [down[turn], served[turn]]).flatMap((turn) =>
    turn.flatMap((one) => one?.pair ?? []),
  )
}

/** Every instance of a part that the model has as many of as the lab, in both modes. */
function listHarms(model: SystemModel, lab: LabPlan, { parts, names }: PairWishes): Harm[] {
  const claimed = claimedComponents(model)
  return parts.flatMap((part) => {
    const component = names[part] ?? part
    const instances = lab.instances.filter((one) => one.part === part)
    if (claimed.get(component) !== instances.length) return []
    return instances.flatMap(({ name: target }) =>
      (['kill', 'freeze'] as const).map((fault) => ({ fault, target, component })),
    )
  })
}

function asFailing(harms: readonly Harm[]): Failing[] {
  return (['kill', 'freeze'] as const).flatMap((fault) =>
    [...new Set(harms.map(({ component }) => component))].flatMap((component) => {
      const instances = harms.filter((harm) => harm.fault === fault && harm.component === component).length
      return instances === 0 ? [] : [{ component, mode: MODES[fault], instances }]
    }),
  )
}

function findDown(predicted: ReadonlyMap<string, Prediction>, flows: readonly string[]): string[] {
  return flows.filter((flow) => predicted.get(flow) === 'down')
}

function kindOf(first: Harm, second: Harm): string {
  const sides = [first, second].map(({ fault, component }) => `${fault} ${component}`).sort()
  return sides.join(' + ')
}

/** Fisher and Yates, with numbers from mulberry32. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items]
  let state = seed | 0
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [one, other] = [shuffled[i] as T, shuffled[j] as T]
    shuffled[i] = other
    shuffled[j] = one
  }
  return shuffled
}
