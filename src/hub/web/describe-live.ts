import { type Assessment, type Failing, failTogether } from '../../assess/index.ts'
import type { HubLive, LiveAlert, LiveBreaker, LiveFeed, LiveOutage, LivePart } from '../contract/live.ts'
import { describeFallen } from './map.ts'
import { pageNameOf } from './page-name.ts'

/** What was just seen of the running platform. */
export interface Sight {
  readonly at: Date
  /** Undefined: none runs. */
  readonly lab: string | undefined
  readonly parts: readonly LivePart[]
  /** Of all guards that were asked, open or not. */
  readonly breakers: readonly LiveBreaker[]
  readonly feeds: readonly LiveFeed[]
  readonly alerts: readonly SentAlert[]
}

/** An alert that fires; `components` may name what the model does not have, what it is about last. */
export type SentAlert = Omit<LiveAlert, 'component' | 'title' | 'down'> & { readonly components: readonly string[] }

const UNWATCHED = {
  parts: [],
  feeds: [],
  alerts: [],
  down: [],
  breakers: [],
  hit: [],
  downShare: 0,
  degradedShare: 0,
}

/** When nothing runs that could be watched. */
export function nothingSeen(at: Date, lab: string | undefined): HubLive {
  return { state: 'off', at: at.toISOString(), lab, ...UNWATCHED }
}

/**
 * What is down now and what that takes down, as the model says: a component none of whose instances is ready, or that
 * every caller's breaker has given up on, or that a feed says is down. `before` says since when.
 */
export function describeLive(assessment: Assessment, sight: Sight, before: HubLive | undefined): HubLive {
  const { model } = assessment
  const failing = findFailing(assessment, sight)
  const fallen = describeFallen(assessment, failing, failTogether(model, failing))
  const hit = model.flows.filter(({ id }) => fallen.down.includes(id) || fallen.degraded.includes(id))
  const since = new Map(before?.down.map((outage) => [outage.component, outage.since]))
  return {
    state: sight.parts.some(({ state }) => state === 'starting') ? 'starting' : 'watching',
    at: sight.at.toISOString(),
    lab: sight.lab,
    parts: sight.parts,
    feeds: sight.feeds,
    alerts: sight.alerts.map((alert) => describeAlert(assessment, alert)),
    down: failing.map((item) =>
      describeOutage(assessment, { ...item, since: since.get(item.component), at: sight.at }),
    ),
    breakers: sight.breakers.filter(({ state }) => state !== 'closed'),
    hit: hit.map(({ id, title, share }) => ({ flow: id, title, share, isDown: fallen.down.includes(id) })),
    downShare: fallen.downShare,
    degradedShare: fallen.degradedShare,
  }
}

/** What was seen of instances weighs more than what callers think; a feed speaks for the whole component. */
function findFailing({ model }: Assessment, { parts, breakers, feeds }: Sight): Failing[] {
  return model.components.flatMap(({ id }): Failing[] => {
    const own = parts.filter(({ component }) => component === id)
    if (own.length > 0 && own.every(({ state }) => state !== 'ready'))
      return [
        { component: id, mode: own.some(({ state }) => state === 'frozen' || state === 'unready') ? 'hang' : 'crash' },
      ]
    const told = feeds.find(({ component, state }) => component === id && state === 'down')
    if (told) return [{ component: id, mode: told.mode ?? 'crash' }]
    const asked = breakers.filter(({ guard }) => guard.endsWith(`>${id}`))
    return asked.length > 0 && asked.every(({ state }) => state === 'open') ? [{ component: id, mode: 'hang' }] : []
  })
}

function describeOutage(
  assessment: Assessment,
  { component, mode, since, at }: Failing & { since: string | undefined; at: Date },
): LiveOutage {
  const { model, claimed } = assessment
  const known = model.components.find(({ id }) => id === component)
  const begun = since ?? at.toISOString()
  const alone = failTogether(model, [{ component, mode }])
  return {
    component,
    title: known?.title ?? component,
    mode,
    since: begun,
    runbook: pageNameOf(known?.runbook),
    burns: claimed.flows
      .filter(({ flow }) => alone.down.includes(flow.id))
      .flatMap(({ flow, errorBudgetMinutes }) =>
        errorBudgetMinutes === undefined ? [] : [{ flow: flow.title, budgetMinutes: errorBudgetMinutes }],
      ),
  }
}

function describeAlert({ model, claimed }: Assessment, { components, ...alert }: SentAlert): LiveAlert {
  const component = components.findLast((id) => model.components.some((known) => known.id === id))
  const view = claimed.components.find((view) => view.component.id === component)
  return { ...alert, component, title: view?.component.title, down: view?.blastRadius.down }
}
