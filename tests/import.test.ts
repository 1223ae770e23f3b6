import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { assess } from '../src/assess/index.ts'
import { findFiles } from '../src/cli/find-files.ts'
import { weighEvidence } from '../src/evidence/index.ts'
import { writeAssessmentJson } from '../src/hub/index.ts'
import { parseModel, type SystemModel, writeSystemYaml } from '../src/model/index.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** A folder with these files. */
function write(texts: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const namesIn = (folder: string, ...paths: string[]) =>
  findFiles(paths.map((path) => join(folder, path))).map(({ file }) => relative(folder, file))

describe('the files that belong to a Compose project', () => {
  const project = {
    'docker-compose.yml':
      'services:\n  a: { env_file: [conf/a.env, { path: missing.env, required: false }] }\n  b: { env_file: ../out.txt }',
    'docker-compose.override.yml': 'services: { a: { environment: { X: y } } }',
    '.env': 'A=1',
    'conf/a.env': 'DB_HOST=b',
    'other.yaml': 'system: x',
  }
  it('are found by the folder', () =>
    expect(namesIn(write(project), '.')).toEqual([
      'docker-compose.yml',
      'docker-compose.override.yml',
      '.env',
      'conf/a.env',
    ]))
  it('are found by the file, without overlays that were not named', () =>
    expect(namesIn(write(project), 'docker-compose.yml')).toEqual(['docker-compose.yml', '.env', 'conf/a.env']))
  it('are not looked for beside other files', () =>
    expect(namesIn(write(project), 'other.yaml')).toEqual(['other.yaml']))
  it('are read as one', () => {
    const { model } = parseModel(findFiles([write(project)]))
    expect(model?.components[0]?.dependencies.map(({ id, evidence }) => [id, evidence])).toEqual([
      ['a>b', ['env DB_HOST']],
    ])
  })
})

describe('templates', () => {
  const template =
    'kind: Service\nmetadata:\n  name: {{ include "x" . }}\n{{- if .Values.a }}\n  labels: x\n{{- end }}\n'
  it('are one mistake each, not a dozen of syntax', () => {
    const folder = write({ 'a.yaml': template, 'b.yaml': 'system: x' })
    expect(() => findFiles([folder])).toThrow(
      `${join(folder, 'a.yaml')}:4:1 This is a template with placeholders, not YAML. Render it first (helm template, kubectl kustomize) and name the result.`,
    )
  })
  it('inside texts are texts', () =>
    expect(namesIn(write({ 'a.yaml': 'text: |\n  {{ if }}\nx: "\n' }), 'a.yaml')).toEqual(['a.yaml']))
})

const PLATFORM = `
services:
  web: { image: nginx, ports: ["80:80"], depends_on: [shop], deploy: { replicas: 2 } }
  shop: { build: ., environment: { DB: postgres://db/shop, TRACES: "http://jaeger:4317" } }
  db: { image: "postgres:16", healthcheck: { test: pg_isready } }
  jaeger: { image: jaegertracing/all-in-one, ports: ["16686:16686"] }
`

describe('what was read', () => {
  const { model } = parseModel([{ file: 'compose.yaml', text: PLATFORM }])
  const nothing = { evidence: { records: [], damaged: [] }, drills: [], asOf: new Date(0) }
  const json = (of: SystemModel | undefined) => {
    const proof = weighEvidence({ model: of as SystemModel, ...nothing })
    const written = writeAssessmentJson(assess(of as SystemModel), proof) as object
    return JSON.stringify({ ...written, problems: [] })
  }
  it('written as a system file assesses to the same', () => {
    const text = writeSystemYaml((model as SystemModel).document, ['A heading.'])
    expect(json(parseModel([{ file: 'system.yaml', text }]).model)).toBe(json(model))
  })
  it('takes no telemetry for a single point of failure', () => {
    const [flow] = assess(model as SystemModel).claimed.flows
    expect(flow?.spofs.map(({ component, assumed }) => `${component}${assumed ? '?' : ''}`).sort()).toEqual([
      'db?',
      'shop?',
      'web?',
    ])
  })
  it('takes corrections from a system file beside it', () => {
    const text =
      'components: { shop: { depends-on: { db: { strength: soft, guard: { deadline: 1s, breaker: true } } } } }'
    const corrected = parseModel([
      { file: 'compose.yaml', text: PLATFORM },
      { file: 'more.yaml', text },
    ])
    const [flow] = assess(corrected.model as SystemModel).claimed.flows
    expect(flow?.spofs.map(({ component }) => component).sort()).toEqual(['shop', 'web'])
  })
})

describe('a large platform is read quickly', () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `s${i}`)
  it('from Compose', () => {
    const lines = names.map(
      (name, i) => `  ${name}: { image: acme/x, environment: { NEXT_URL: "http://s${i + 1}:80" } }`,
    )
    const started = performance.now()
    const { model } = parseModel([{ file: 'compose.yaml', text: ['services:', ...lines, '  s1000: {}'].join('\n') }])
    expect(model?.components.length).toBe(1_001)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
  it('from Kubernetes', () => {
    const text = names
      .map(
        (name) =>
          `{ apiVersion: apps/v1, kind: Deployment, metadata: { name: ${name} }, spec: { template: { metadata: { labels: { app: ${name} } } } } }\n---\n{ apiVersion: v1, kind: Service, metadata: { name: ${name} }, spec: { selector: { app: ${name} } } }`,
      )
      .join('\n---\n')
    const started = performance.now()
    expect(parseModel([{ file: 'k.yaml', text }]).model?.components.length).toBe(1_000)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
  it('and hostile values cost no more', () => {
    const values = [
      '1'.repeat(200_000),
      'a'.repeat(200_000),
      `${':'.repeat(200_000)}/`,
      '.'.repeat(200_000),
      '$'.repeat(200_000),
    ]
    const lines = values.map(
      (value) =>
        `  a${value.slice(0, 1).charCodeAt(0)}: { image: "${value}", environment: { X_HOST: "${value}" }, command: "${value}", healthcheck: { test: "${value}" } }`,
    )
    const started = performance.now()
    parseModel([{ file: 'compose.yaml', text: ['services:', ...lines].join('\n') }])
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
