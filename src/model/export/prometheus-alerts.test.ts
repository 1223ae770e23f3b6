import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parser } from '@prometheus-io/lezer-promql'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseModel, type SystemModel, writePrometheusAlerts } from '../index.ts'

const text = `
components:
  shop:
    kind: service
    tier: P0
    runbook: "[[RUNBOOK-Shop]]"
    depends-on:
      bank: { strength: hard, guard: { deadline: 1s, breaker: true } }
      maps: { any-of: { here: { guard: { deadline: 1s, breaker: true } }, there: { guard: { deadline: 1s } } } }
      db: { strength: hard }
  bank: { kind: external }
  here: { kind: external }
  there: { kind: external }
  db: { kind: database, instances: 3, failover: { mode: automatic, takes: 30s } }
  archive: { kind: database }
`
const model = parseModel([{ file: 'm.yaml', text }]).model as SystemModel
const written = writePrometheusAlerts(model)
const rules: { alert: string; expr: string; labels: Record<string, string>; annotations: Record<string, string> }[] =
  parse(written).groups.flatMap((group: { rules: unknown[] }) => group.rules)

describe('Prometheus alerts of a model', () => {
  it('cover every guard with a breaker, and no guard without', () => {
    const open = rules.filter(({ alert }) => alert === 'CircuitBreakerOpen').map(({ labels }) => labels.dependency)
    expect(open).toEqual(['shop>bank', 'shop>here'])
  })

  it('cover every database, and ask for a leader only where one is elected', () => {
    const of = (id: string) => rules.filter(({ labels }) => labels.component === id).map(({ alert }) => alert)
    expect(of('db')).toContain('DatabaseNoLeader')
    expect(of('archive')).toEqual(['DatabaseMemberDown', 'DatabaseConnectionsHigh'])
  })

  it('carry the runbook of what they are about, else that of the caller', () => {
    expect(rules.find(({ labels }) => labels.dependency === 'shop>bank')?.annotations.runbook).toBe('[[RUNBOOK-Shop]]')
  })

  it('are expressions in the grammar of Prometheus', () => {
    for (const { expr } of rules) {
      const errors: number[] = []
      parser.parse(expr).iterate({ enter: (node) => void (node.type.isError && errors.push(node.from)) })
      expect({ expr, errors }).toEqual({ expr, errors: [] })
    }
  })

  const promtool = process.env.PROMTOOL ?? 'promtool'
  const hasPromtool = spawnSync(promtool, ['--version']).status === 0
  it.skipIf(!hasPromtool)('pass promtool (skipped without it: Debian package prometheus, or PROMTOOL=path)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'linchpin-alerts-'))
    const file = join(folder, 'alerts.yaml')
    writeFileSync(file, written)
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'rules', file], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect({ status, stderr, stdout }).toMatchObject({ status: 0 })
  })
})
