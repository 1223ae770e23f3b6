import { stringify } from 'yaml'
import type { Component, SystemModel } from '../system-model.ts'

/** One alerting rule, in Prometheus' own format. */
interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * Prometheus alerting rules for every guard and every database of a model, as the text of a rule file. Guards are named
 * `caller>target`, as `@linchpin/guard` exports them; databases are found by a label `component` that the scrape
 * configuration sets to the name in the model. Thresholds are those of docs/guide/alerts.md.
 */
export function writePrometheusAlerts(model: SystemModel): string {
  const heading = '# Written by linchpin export alerts; do not edit.\n'
  return heading + stringify({ groups: makeGroups(model) }, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** What each generated rule is called and is about, for whoever names one. */
export function listAlerts(model: SystemModel): { readonly alert: string; readonly about: readonly string[] }[] {
  return makeGroups(model).flatMap(({ rules }) =>
    rules.map(({ alert, labels }) => ({
      alert,
      about: [labels.component, ...(labels.dependency ?? '').split('>')].flatMap((id) => id || []),
    })),
  )
}

function makeGroups(model: SystemModel): { readonly name: string; readonly rules: readonly Rule[] }[] {
  return model.components.flatMap((component) => {
    const guards = component.dependencies.flatMap(({ alternatives }) =>
      alternatives.filter(({ guard }) => guard?.hasBreaker),
    )
    const targets = [...new Set(guards.map(({ target }) => target))]
    const rules = [
      ...targets.flatMap((target) => rulesOfGuard(model, component, target)),
      ...(component.kind === 'database' ? rulesOfDatabase(component) : []),
      ...((component.health.live ?? component.health.ready) ? rulesOfService(component) : []),
    ]
    return rules.length === 0 ? [] : [{ name: component.id, rules }]
  })
}

function rulesOfGuard(model: SystemModel, caller: Component, target: string): Rule[] {
  const name = `${caller.id}>${target}`
  const about = model.components.find(({ id }) => id === target)
  const runbook = about?.runbook ?? caller.runbook
  const severity = caller.tier === 'P0' ? 'critical' : 'warning'
  const labels = { severity, component: caller.id, dependency: name }
  const rule = (alert: string, expr: string, wait: string | undefined, summary: string): Rule => ({
    alert,
    expr,
    ...(wait ? { for: wait } : {}),
    labels,
    annotations: { summary, ...(runbook ? { runbook } : {}) },
  })
  const requests = (selector: string) => `sum(rate(circuit_breaker_requests_total{name="${name}"${selector}}[5m]))`
  const rejected = `${requests(',result="rejected"')} / ${requests('')} > 0.1`
  const title = about?.title ?? target
  return [
    rule(
      'CircuitBreakerOpen',
      `max(circuit_breaker_state{name="${name}"}) == 2`,
      '1m',
      `${caller.title} has cut off ${title} for a minute.`,
    ),
    rule('CircuitBreakerRejecting', rejected, '5m', `${caller.title} refuses more than 10 % of its calls to ${title}.`),
    rule(
      'CircuitBreakerFlapping',
      `max(changes(circuit_breaker_state{name="${name}"}[10m])) > 4`,
      undefined,
      `The breaker of ${caller.title} for ${title} keeps changing: ${title} is unwell, or the settings are too tight.`,
    ),
  ]
}

/** The scrape itself, and the histogram of requests that a service keeps. */
function rulesOfService({ id, title, tier, runbook }: Component): Rule[] {
  const severity = tier === 'P0' ? 'critical' : 'warning'
  const of = `{component="${id}"}`
  const requests = (selector: string) =>
    `sum(rate(http_request_duration_seconds_count{component="${id}"${selector}}[2m]))`
  const rule = (alert: string, expr: string, wait: string, summary: string): Rule => ({
    alert,
    expr,
    for: wait,
    labels: { severity, component: id },
    annotations: { summary, ...(runbook ? { runbook } : {}) },
  })
  return [
    rule('ComponentDown', `max(up${of}) == 0 or absent(up${of})`, '30s', `No instance of ${title} answers.`),
    rule(
      'ErrorRateHigh',
      `${requests(',status=~"5.."')} / ${requests('')} > 0.05`,
      '2m',
      `${title} answers more than 5 % of its requests with an error.`,
    ),
  ]
}

/** Metrics of Patroni's REST API and of postgres_exporter. */
function rulesOfDatabase(component: Component): Rule[] {
  const { id, title, runbook, failover } = component
  const rule = (alert: string, expr: string, wait: string, severity: string, summary: string): Rule => ({
    alert,
    expr,
    for: wait,
    labels: { severity, component: id },
    annotations: { summary, ...(runbook ? { runbook } : {}) },
  })
  const of = `{component="${id}"}`
  const always = [
    rule('DatabaseMemberDown', `pg_up${of} == 0`, '1m', 'warning', `A member of ${title} is down.`),
    rule(
      'DatabaseConnectionsHigh',
      `sum by (instance) (pg_stat_activity_count${of}) / max by (instance) (pg_settings_max_connections${of}) > 0.9`,
      '1m',
      'warning',
      `${title} uses more than 90 % of its connections.`,
    ),
  ]
  if (!failover || failover.mode === 'none' || component.instances === 1) return always
  const leader = `max(patroni_primary${of} or patroni_master${of})`
  return [
    rule(
      'DatabaseNoLeader',
      `${leader} < 1 or absent(patroni_primary${of} or patroni_master${of})`,
      '30s',
      'critical',
      `${title} has no leader: nothing can be written.`,
    ),
    ...always,
    rule(
      'DatabaseReplicationLag',
      `max(pg_replication_lag_seconds${of}) > 5`,
      '1m',
      'warning',
      `A replica of ${title} is more than 5 seconds behind.`,
    ),
    rule(
      'DatabaseReplicationLagCritical',
      `max(pg_replication_lag_seconds${of}) > 30`,
      '1m',
      'critical',
      `A replica of ${title} is more than 30 seconds behind: a failover would lose work or wait.`,
    ),
  ]
}
