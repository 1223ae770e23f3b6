import { createHash, timingSafeEqual } from 'node:crypto'
import type { SentAlert } from '../../hub/index.ts'
import { matchAlerts, RunbookError } from '../../runbook/index.ts'
import { findPages } from '../find-runbooks.ts'
import type { LiveSettings } from './feed/settings.ts'

const ALERTS_MAX = 200
const TEXT_MAX = 500
/** Alertmanager says again what still fires, every few hours; whatever it no longer speaks of is over. */
const KEPT_MS = 24 * 60 * 60 * 1000

interface AlertDeskOptions {
  readonly vault: string
  readonly settings: () => LiveSettings
  readonly now: () => number
}

export interface AlertDesk {
  /** Undefined: alerts are not taken here. */
  readonly mayReceive: (authorization: string | undefined) => boolean | undefined
  /** Takes the body of a webhook and says how many alerts it held; throws an `Error` when it is none. */
  readonly receive: (text: string) => number
  /** Those that fire, newest first. */
  readonly list: () => readonly SentAlert[]
}

/** What Alertmanager has told us, with the runbook for each. In memory: it says again what still fires. */
export function createAlertDesk({ vault, settings, now }: AlertDeskOptions): AlertDesk {
  const firing = new Map<string, SentAlert>()
  return {
    mayReceive(authorization) {
      const { alertToken } = settings()
      if (alertToken === undefined) return undefined
      return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${alertToken}`))
    },
    receive(text) {
      const matches = readMatches(text, vault)
      for (const match of matches) {
        firing.delete(match.id)
        if (match.status === 'firing') firing.set(match.id, describeAlert(match, new Date(now()).toISOString()))
      }
      for (const id of [...firing.keys()].slice(0, -ALERTS_MAX)) firing.delete(id)
      return matches.length
    },
    list() {
      for (const [id, { receivedAt }] of firing) if (Date.parse(receivedAt) < now() - KEPT_MS) firing.delete(id)
      return [...firing.values()].reverse()
    },
  }
}

function readMatches(text: string, vault: string) {
  const runbooks = findPages(vault).flatMap(({ runbook }) => runbook ?? [])
  try {
    return matchAlerts(text, runbooks)
  } catch (error) {
    if (error instanceof RunbookError) throw new Error(error.lines.join(' '))
    throw error
  }
}

/** Labels and annotations are text of others. */
function describeAlert(match: ReturnType<typeof readMatches>[number], receivedAt: string): SentAlert {
  const { id, alert, severity, summary, components, startsAt, runbooks } = match
  return {
    id,
    alert: clean(alert) ?? '',
    severity: clean(severity),
    summary: clean(summary),
    components: components.length > 0 ? components : (runbooks[0]?.components ?? []),
    startsAt: startsAt !== undefined && !Number.isNaN(Date.parse(startsAt)) ? startsAt : undefined,
    receivedAt,
    runbooks: runbooks.map(({ name }) => name),
  }
}

function clean(text: string | undefined): string | undefined {
  return text?.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, TEXT_MAX)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
