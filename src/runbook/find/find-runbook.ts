import * as z from 'zod'
import type { Runbook } from '../format/runbook.ts'
import { RunbookError } from '../runbook-error.ts'

type Known = Pick<Runbook, 'name' | 'components' | 'alerts'>

/** The pages for a component or an alert of that name. */
export function findRunbooks<T extends Known>(runbooks: readonly T[], name: string): T[] {
  return runbooks.filter((page) => page.name === name || page.components.includes(name) || page.alerts.includes(name))
}

const ALERTS_MAX = 1_000

const texts = z.record(z.string(), z.string())
const payloadSchema = z.looseObject({
  alerts: z
    .array(
      z.looseObject({
        status: z.string().optional(),
        labels: texts,
        annotations: texts.optional(),
        startsAt: z.string().optional(),
        fingerprint: z.string().optional(),
      }),
    )
    .min(1)
    .max(ALERTS_MAX),
})

export interface AlertMatch<T> {
  /** The same for the same alert, each time it is sent. */
  readonly id: string
  readonly alert: string
  readonly status: string
  readonly about: string
  /** Ids that it names, the one that it is about last. */
  readonly components: readonly string[]
  readonly severity: string | undefined
  readonly summary: string | undefined
  readonly startsAt: string | undefined
  readonly runbooks: readonly T[]
  /** What led there. */
  readonly by: 'annotation' | 'alert and component' | 'component' | 'nothing'
}

/**
 * The pages for each alert of an Alertmanager webhook (version 4): what its annotation `runbook` names; else those that
 * name the alert and are about what it is about; else those about that component.
 */
export function matchAlerts<T extends Known>(text: string, runbooks: readonly T[]): AlertMatch<T>[] {
  const parsed = payloadSchema.safeParse(parseJson(text))
  if (!parsed.success)
    throw new RunbookError(
      'wrong-use',
      'This is no payload of an Alertmanager webhook: it must be JSON with "alerts", each with "labels". Nothing was looked up.',
    )
  return parsed.data.alerts.map((sent) => {
    const { labels, annotations = {}, status = 'firing', startsAt } = sent
    const about = [labels.component, ...(labels.dependency ?? '').split('>')].filter(
      (id) => id !== undefined && id !== '',
    )
    const alert = labels.alertname ?? ''
    return {
      id: sent.fingerprint ?? JSON.stringify(Object.entries(labels).sort()),
      alert,
      status,
      about: labels.dependency ?? labels.component ?? '',
      components: about.map(String),
      severity: labels.severity,
      summary: annotations.summary ?? annotations.description,
      startsAt,
      ...match(runbooks, { alert, about: about.map(String), link: annotations.runbook }),
    }
  })
}

interface Wanted {
  readonly alert: string
  readonly about: readonly string[]
  readonly link: string | undefined
}

function match<T extends Known>(runbooks: readonly T[], { alert, about, link }: Wanted) {
  const name = link === undefined ? undefined : nameOf(link)
  const isAbout = ({ components }: Known) => components.some((id) => about.includes(id))
  const linked = runbooks.filter((page) => page.name === name)
  if (linked.length > 0) return { runbooks: linked, by: 'annotation' as const }
  const named = runbooks.filter((page) => page.alerts.includes(alert) && isAbout(page))
  if (named.length > 0) return { runbooks: named, by: 'alert and component' as const }
  const near = runbooks.filter(isAbout)
  return { runbooks: near, by: near.length > 0 ? ('component' as const) : ('nothing' as const) }
}

/** `[[05/RUNBOOK-X|the runbook]]`, or a path or address that ends in the page. */
function nameOf(link: string): string {
  const target = /^\[\[([^\]|#]+)/.exec(link)?.[1] ?? link
  return (target.split('/').at(-1) ?? target).replace(/\.md$/, '')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
