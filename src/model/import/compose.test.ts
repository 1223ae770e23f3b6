// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose writes its variables like this.
import { describe, expect, it } from 'vitest'
import { formatProblem, positionOf } from '../../source/index.ts'
import { compose } from './compose.ts'
import { factsOf, importTexts, listDependencies, listEntries } from './testing/import-texts.ts'

const read = (text: string, more: Record<string, string> = {}) => importTexts(compose, { 'c.yaml': text, ...more })
const services = (...lines: string[]) => `services:\n${lines.map((line) => `  ${line}`).join('\n')}`

describe('what a Compose service depends on', () => {
  const cases: [string, string, string[]][] = [
    ['the short form of depends_on', services('a: { depends_on: [b] }', 'b: {}'), ['a>b unknown: depends_on']],
    [
      'the long form',
      services('a: { depends_on: { b: { condition: service_healthy } } }', 'b: {}'),
      ['a>b unknown: depends_on'],
    ],
    [
      'what is not required',
      services('a: { depends_on: { b: { condition: service_started, required: false } } }', 'b: {}'),
      ['a>b soft: depends_on'],
    ],
    [
      'not what only has to complete',
      services('a: { depends_on: { b: { condition: service_completed_successfully } } }', 'b: {}'),
      [],
    ],
    [
      'links, and names that they give',
      services('a: { links: ["b:store"], environment: { X_HOST: store } }', 'b: {}'),
      ['a>b unknown: links, env X_HOST'],
    ],
    ['variables in map form', services('a: { environment: { DB_HOST: b } }', 'b: {}'), ['a>b unknown: env DB_HOST']],
    [
      'variables in list form',
      services('a: { environment: ["URL=http://b:80/x"] }', 'b: {}'),
      ['a>b unknown: env URL'],
    ],
    [
      'the name of the container',
      services('a: { environment: { X: "http://the-b" } }', 'b: { container_name: the-b }'),
      ['a>b unknown: env X'],
    ],
    [
      'the name of the host',
      services('a: { environment: { X: "http://h" } }', 'b: { hostname: h }'),
      ['a>b unknown: env X'],
    ],
    ['an address in the command', services('a: { command: "serve --to b:80" }', 'b: {}'), ['a>b unknown: command']],
    [
      'one dependency with all that shows it',
      services('a: { depends_on: [b], environment: { X: "b:80", Y: "redis://b" } }', 'b: {}'),
      ['a>b unknown: depends_on, env X, env Y'],
    ],
    ['not itself', services('a: { environment: { A_URL: "http://a:80" } }'), []],
    ['not a part of a name', services('a: { environment: { B_HOST: "my-b", X: "bb:80" } }', 'b: {}'), []],
    ['not the word alone where no host is meant', services('a: { environment: { MODE: b }, command: b }', 'b: {}'), []],
    [
      'the service whose network it shares',
      services('a: { network_mode: "service:b" }', 'b: {}'),
      ['a>b unknown: network_mode'],
    ],
    [
      'telemetry without waiting',
      services('a: { environment: { OTEL_ENDPOINT: "http://c:4317" } }', 'c: { image: otel/opentelemetry-collector }'),
      ['a>c async: env OTEL_ENDPOINT, telemetry'],
    ],
    [
      'telemetry of telemetry for all it is',
      services('g: { image: grafana/grafana, depends_on: [p] }', 'p: { image: prom/prometheus }'),
      ['g>p unknown: depends_on'],
    ],
  ]
  for (const [name, text, wanted] of cases)
    it(name, () => {
      const imported = read(text)
      expect(imported.problems).toEqual([])
      expect(listDependencies(imported)).toEqual(wanted)
    })
})

describe('names on networks', () => {
  const text = (x: string) =>
    `${services('a: { networks: [front], environment: { X: "store:80" } }', `b: { networks: { ${x}: { aliases: [store] } } }`)}\nnetworks: { front: {}, back: {} }`
  it('an alias is a name on its network', () =>
    expect(listDependencies(read(text('front')))).toEqual(['a>b unknown: env X']))
  it('and no name on others', () => expect(listDependencies(read(text('back')))).toEqual([]))
  it('nor do they depend on each other by the order in which they start', () => {
    const text = `${services('a: { networks: [front], depends_on: [b] }', 'b: { networks: [back] }')}\nnetworks: { front: {}, back: {} }`
    expect(listDependencies(read(text))).toEqual([])
  })
  it('services without a common network cannot talk, which is noted', () => {
    const imported = read(
      `${services('a: { networks: [front], environment: { X: "b:80" } }', 'b: { networks: [back] }')}\nnetworks: { front: {}, back: {} }`,
    )
    expect(listDependencies(imported)).toEqual([])
    expect(imported.notes).toContain('Services that share no network cannot talk, so these were left out: a names b.')
  })
})

describe('variables', () => {
  const text = services(
    'a: { environment: { DB: "${DB_URL:-postgres://b/x}", EXTRA_HOST: "${EXTRA-}" } }',
    'b: {}',
    'c: {}',
  )
  it('defaults are read', () => expect(listDependencies(read(text))).toEqual(['a>b unknown: env DB']))
  it('the .env file beside the file wins over defaults', () =>
    expect(listDependencies(read(text, { '.env': 'DB_URL=postgres://c/x\nEXTRA=b' }))).toEqual([
      'a>c unknown: env DB',
      'a>b unknown: env EXTRA_HOST',
    ]))
  it('a file that env_file names is read, and environment wins over it', () => {
    const imported = importTexts(compose, {
      'p/c.yaml': services('a: { env_file: conf/a.env, environment: { X: "c:80" } }', 'b: {}', 'c: {}'),
      'p/conf/a.env': 'X=b:80\nY_HOST=b',
    })
    expect(listDependencies(imported)).toEqual(['a>c unknown: env X', 'a>b unknown: env Y_HOST'])
  })
  it('a file that env_file names and nobody gave is noted', () =>
    expect(read(services('a: { env_file: [x.env] }')).notes).toContain(
      'Environment files were not given, so what they name is unknown: x.env.',
    ))
  it('values never appear in what is written', () => {
    const imported = read(
      services(
        'a: { environment: { X: "postgres://u:secret@b/x" }, healthcheck: { test: "ping -a secret" } }',
        'b: {}',
      ),
    )
    expect(JSON.stringify(imported)).not.toContain('secret')
  })
})

describe('facts of a service', () => {
  const cases: [string, string, unknown][] = [
    ['replicas', 'a: { deploy: { replicas: 3 } }', { kind: 'service', instances: 3 }],
    [
      'copies of a database that nothing promotes',
      'a: { image: postgres, scale: 2 }',
      {
        kind: 'database',
        notes:
          '2 copies of postgres are stated, but nothing that promotes one of them: counted as 1 instance. State failover if there is one.',
      },
    ],
    ['scale', 'a: { scale: 2 }', { kind: 'service', instances: 2 }],
    [
      'a health check says that it lives, not that a balancer ejects it',
      'a: { healthcheck: { test: "curl http://localhost:1/up" } }',
      { kind: 'service', health: { live: '/up' } },
    ],
    [
      'a program as health check',
      'a: { healthcheck: { test: [CMD, pg_isready, -U, x] } }',
      { kind: 'service', health: { live: 'pg_isready' } },
    ],
    ['a health check that is off', 'a: { healthcheck: { disable: true } }', { kind: 'service' }],
    ['the kind by its image', 'a: { image: "postgres:16" }', { kind: 'database' }],
    ['the kind by its name, where the image says nothing', 'a: { image: "acme/x" }', { kind: 'service' }],
  ]
  for (const [name, line, wanted] of cases) it(name, () => expect(factsOf(read(services(line)), 'a')).toEqual(wanted))

  it('a job that others wait for is a job', () =>
    expect(
      factsOf(read(services('a: { depends_on: { m: { condition: service_completed_successfully } } }', 'm: {}')), 'm'),
    ).toEqual({ kind: 'job' }))
  it('what runs in no copy is left out', () =>
    expect(read(services('a: { scale: 0 }', 'b: {}')).notes).toContain('Services with 0 replicas were left out: a.'))
})

describe('several files', () => {
  const two = (base: string, over: string) => importTexts(compose, { 'a.yaml': base, 'b.yaml': over })
  const cases: [string, string, string, string[]][] = [
    [
      'maps merge',
      services('a: { environment: { X: "b:80" } }', 'b: {}', 'c: {}'),
      services('a: { environment: { Y: "c:80" } }'),
      ['a>b unknown: env X', 'a>c unknown: env Y'],
    ],
    [
      'lists of variables merge by name',
      services('a: { environment: ["X=b:80"] }', 'b: {}', 'c: {}'),
      services('a: { environment: { X: "c:80" } }'),
      ['a>c unknown: env X'],
    ],
    [
      'both forms of depends_on merge',
      services('a: { depends_on: [b] }', 'b: {}', 'c: {}'),
      services('a: { depends_on: { c: { condition: service_healthy } } }'),
      ['a>b unknown: depends_on', 'a>c unknown: depends_on'],
    ],
    [
      'lists are appended',
      services('a: { links: [b] }', 'b: {}', 'c: {}'),
      services('a: { links: [c] }'),
      ['a>b unknown: links', 'a>c unknown: links'],
    ],
    [
      'commands are replaced',
      services('a: { command: [x, "b:80"] }', 'b: {}', 'c: {}'),
      services('a: { command: [x, "c:80"] }'),
      ['a>c unknown: command'],
    ],
    ['!reset takes away', services('a: { depends_on: [b] }', 'b: {}'), services('a: { depends_on: !reset [] }'), []],
    [
      '!override replaces',
      services('a: { depends_on: [b] }', 'b: {}', 'c: {}'),
      services('a: { depends_on: !override [c] }'),
      ['a>c unknown: depends_on'],
    ],
    [
      '!reset takes one key away',
      services('a: { environment: { X: "b:80", Y: "b:81" } }', 'b: {}'),
      services('a: { environment: { X: !reset null } }'),
      ['a>b unknown: env Y'],
    ],
  ]
  for (const [name, base, over, wanted] of cases)
    it(name, () => expect(listDependencies(two(base, over))).toEqual(wanted))

  it('a port is published once', () =>
    expect(
      listEntries(
        two(services('a: { ports: ["80:80"] }', 'b: { depends_on: [a] }'), services('a: { ports: ["80:80"] }')),
      ),
    ).toEqual(['a']))
  it('the order is told', () =>
    expect(two(services('a: {}'), services('b: {}')).notes[0]).toBe(
      '2 Compose files were read as one project, each over the ones before it: a.yaml, b.yaml.',
    ))
})

describe('extends, anchors, profiles, include', () => {
  it('a service takes over what it extends', () =>
    expect(
      listDependencies(
        read(
          services(
            'a: { extends: base, environment: { Y: "c:80" } }',
            'base: { extends: { service: root } }',
            'root: { depends_on: [b] }',
            'b: {}',
            'c: {}',
          ),
        ),
      ),
    ).toEqual([
      'a>b unknown: depends_on',
      'a>c unknown: env Y',
      'base>b unknown: depends_on',
      'root>b unknown: depends_on',
    ]))
  it('also from another file that was given', () =>
    expect(
      listDependencies(
        importTexts(compose, {
          'p/a.yaml': services('a: { extends: { file: ./base.yaml, service: b } }'),
          'p/base.yaml': services('b: { links: [c] }', 'c: {}'),
        }),
      ),
    ).toEqual(['a>c unknown: links', 'b>c unknown: links']))
  it('and notes a file that was not', () =>
    expect(read(services('a: { extends: { file: base.yaml, service: b } }')).notes).toEqual([
      '"b" of base.yaml is extended, but that file was not given: what it says is missing.',
      'Nothing is published to users; taken as entries: a, which nothing that serves users depends on (--entry chooses).',
    ]))
  it('anchors and x- keys are plain YAML', () =>
    expect(
      listDependencies(
        read('x-env: &env { DB_HOST: b }\nservices:\n  a: { environment: { <<: *env, X: y } }\n  b: {}'),
      ),
    ).toEqual(['a>b unknown: env DB_HOST']))
  it('services of profiles do not start by default', () => {
    const text = services('a: {}', 'b: { profiles: [debug] }')
    expect(factsOf(read(text), 'b')).toBeUndefined()
    expect(factsOf(read(text, { '.env': 'COMPOSE_PROFILES=debug' }), 'b')).toEqual({ kind: 'service' })
  })
  it('an include that was not given is noted', () =>
    expect(read(`include: [other.yaml]\n${services('a: {}')}`).notes[0]).toBe(
      'Included files were not given, so their services are missing: other.yaml. Name them too.',
    ))
})

describe('entries', () => {
  const cases: [string, string, string[]][] = [
    ['published ports', services('a: { ports: ["80:80"] }', 'b: {}'), ['a']],
    ['the long form, too', services('a: { ports: [{ target: 80, published: 80 }] }', 'b: {}'), ['a']],
    [
      'not databases when something better is there',
      services('a: { ports: ["80:80"] }', 'b: { image: postgres, ports: ["5432:5432"] }'),
      ['a'],
    ],
    [
      'not admin tools and telemetry',
      services(
        'a: { ports: ["80:80"] }',
        'b: { image: dpage/pgadmin4, ports: ["1:1"] }',
        'c: { image: grafana/grafana, ports: ["2:2"] }',
      ),
      ['a'],
    ],
    ['databases when nothing better is there', services('b: { image: postgres, ports: ["5432:5432"] }'), ['b']],
    [
      'not ports that only the machine itself reaches',
      services('a: { ports: ["80:80"] }', 'b: { ports: ["127.0.0.1:81:80"] }'),
      ['a'],
    ],
    [
      'not what a published service calls',
      services('a: { ports: ["80:80"], depends_on: [b] }', 'b: { ports: ["81:80"] }'),
      ['a'],
    ],
    [
      'the front doors where many are open',
      services(
        ...['a', 'b', 'c', 'd'].map((name, i) => `${name}: { ports: ["${i + 1}:1"] }`),
        'web-ui: { ports: ["9:1"] }',
      ),
      ['web-ui'],
    ],
    [
      'what a proxy routes to by label',
      services('a: { labels: ["traefik.http.routers.a.rule=Host(`x`)"] }', 'b: {}'),
      ['a'],
    ],
    [
      'else what nobody depends on',
      services('a: { depends_on: [b] }', 'b: {}', 'a-worker: { depends_on: [a] }'),
      ['a'],
    ],
    [
      'never load generators',
      services('a: { ports: ["80:80"] }', 'loadgen: { ports: ["81:80"], depends_on: [a] }'),
      ['a'],
    ],
  ]
  for (const [name, text, wanted] of cases) it(name, () => expect(listEntries(read(text))).toEqual(wanted))

  it('are chosen by name', () =>
    expect(
      listEntries(importTexts(compose, { 'c.yaml': services('a: { ports: ["80:80"] }', 'b: {}') }, ['b'])),
    ).toEqual(['b']))
  it('an unknown name is a problem', () =>
    expect(importTexts(compose, { 'c.yaml': services('shop: {}') }, ['shpo']).problems.map(formatProblem)).toEqual([
      'c.yaml:1:1 The entry "shpo" is not a component of these files. Did you mean "shop"? Name one of shop.',
    ]))
})

describe('mistakes are reported where they are', () => {
  const cases: [string, string, string][] = [
    [
      'an unknown service',
      'services:\n  shop: { depends_on: [databse] }\n  database: {}',
      'c.yaml:2:24 depends_on names "databse", which is not a service that starts. Did you mean "database"? Fix the name or declare it.',
    ],
    [
      'an unknown link',
      'services:\n  a: { links: [b] }',
      'c.yaml:2:16 links names "b", which is not a service that starts. Fix the name or declare it.',
    ],
    [
      'an unknown network',
      'services:\n  a: { networks: [frnt] }\nnetworks: { front: {} }',
      'c.yaml:2:3 "a" is on network "frnt", which is not declared. Did you mean "front"? Declare it under networks.',
    ],
    [
      'an unknown service to extend',
      'services:\n  a: { extends: bas }\n  base: {}',
      'c.yaml:2:8 "bas" is extended, but is no service of c.yaml. Did you mean "base"? Fix the name.',
    ],
    [
      'a circle of extends',
      'services:\n  a: { extends: a }',
      'c.yaml:2:8 "a" extends itself in a circle. Remove one extends.',
    ],
    [
      'a broken variable',
      'services:\n  a: { environment: { X: "${" } }',
      'c.yaml:2:23 "${" holds a "${" that is no variable. Write ${NAME}, or $$ for a plain dollar sign.',
    ],
    [
      'services that are no block',
      'services: 3',
      'c.yaml:1:1 "services" must be a block of services by name. Write "services:" and the services below it.',
    ],
    [
      'a service that is no block',
      'services:\n  a: nginx',
      'c.yaml:2:3 The service "a" must be a block of settings, such as "image: …". Correct it.',
    ],
  ]
  for (const [name, text, wanted] of cases)
    it(name, () => expect(read(text).problems.map(formatProblem)).toEqual([wanted]))
})

it('what is taken as telemetry is noted', () =>
  expect(read(services('a: { links: [jaeger] }', 'jaeger: {}')).notes).toContain(
    'Taken as telemetry, for which nobody waits: jaeger.',
  ))

it('a host that no file declares is noted, and is no component', () => {
  const imported = read(
    services('a: { environment: { API_URL: "https://api.pay.test/v1", ME: "http://localhost:80" } }'),
  )
  expect(imported.notes).toContain(
    'Named but not in these files, so not in the model: api.pay.test (env API_URL of a). Declare in a system file what a flow needs.',
  )
  expect(Object.keys(imported.document.components as object)).toEqual(['a'])
})

it('components and dependencies know where they were read', () => {
  const { document } = read('services:\n  a:\n    environment:\n      - X=y\n      - DB_HOST=b\n  b: {}')
  expect(positionOf(document, ['components', 'a'])).toEqual({ file: 'c.yaml', line: 2, column: 3 })
  expect(positionOf(document, ['components', 'a', 'depends-on', 'b'])).toEqual({ file: 'c.yaml', line: 5, column: 9 })
  expect(positionOf(document, ['flows', 'use-a'])).toEqual({ file: 'c.yaml', line: 2, column: 3 })
})
