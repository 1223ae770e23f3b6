import { describe, expect, it } from 'vitest'
import { formatProblem, positionOf } from '../../source/index.ts'
import { kubernetes } from './kubernetes.ts'
import { factsOf, importTexts, listDependencies, listEntries } from './testing/import-texts.ts'

const read = (...documents: string[]) => importTexts(kubernetes, { 'k.yaml': documents.join('\n---\n') })

interface WorkloadText {
  readonly kind?: string
  readonly namespace?: string
  readonly labels?: string
  readonly spec?: string
  readonly container?: string
  readonly pod?: string
}

/** A manifest of pods in one line; its pods have the label `app: NAME`. */
function workload(name: string, text: WorkloadText = {}): string {
  const { kind = 'Deployment', namespace, labels = `app: ${name}`, spec = '', container = '', pod = '' } = text
  const place = namespace === undefined ? '' : `, namespace: ${namespace}`
  const containers = `containers: [{ name: c, ${container} }]`
  return `{ apiVersion: apps/v1, kind: ${kind}, metadata: { name: ${name}${place} }, spec: { ${spec}${spec && ', '}template: { metadata: { labels: { ${labels} } }, spec: { ${containers}${pod && ', '}${pod} } } } }`
}

function service(name: string, { spec = '', selector = `app: ${name}`, namespace = 'default' } = {}): string {
  return `{ apiVersion: v1, kind: Service, metadata: { name: ${name}, namespace: ${namespace} }, spec: { ${selector && `selector: { ${selector} }, `}${spec} } }`
}

const env = (name: string, value: string) => ({ container: `env: [{ name: ${name}, value: "${value}" }]` })

describe('what a workload depends on', () => {
  const b = [workload('b'), service('b')]
  const map = (data: string) => `{ apiVersion: v1, kind: ConfigMap, metadata: { name: m }, data: { ${data} } }`
  const cases: [string, string[], string[]][] = [
    ['a variable', [workload('a', env('DB', 'postgres://b/x')), ...b], ['a>b unknown: env DB']],
    ['a name with its namespace', [workload('a', env('X', 'http://b.default')), ...b], ['a>b unknown: env X']],
    ['a name with svc', [workload('a', env('X', 'http://b.default.svc:80')), ...b], ['a>b unknown: env X']],
    ['a full name', [workload('a', env('X', 'http://b.default.svc.cluster.local:80')), ...b], ['a>b unknown: env X']],
    ['not a name of another namespace', [workload('a', env('X', 'http://b.other')), ...b], []],
    ['not the name of a workload, which is no host', [workload('a', env('X', 'http://c')), workload('c')], []],
    [
      'a variable of a config map',
      [
        workload('a', { container: 'env: [{ name: X, valueFrom: { configMapKeyRef: { name: m, key: k } } }]' }),
        map('k: "b:80"'),
        ...b,
      ],
      ['a>b unknown: env X (config map m)'],
    ],
    [
      'all variables of a config map',
      [workload('a', { container: 'envFrom: [{ configMapRef: { name: m } }]' }), map('B_ADDR: "b:80", N: "1"'), ...b],
      ['a>b unknown: env B_ADDR (config map m)'],
    ],
    [
      'a mounted config map',
      [
        workload('a', { pod: 'volumes: [{ name: v, configMap: { name: m } }]' }),
        map('nginx.conf: "proxy_pass http://b:80;"'),
        ...b,
      ],
      ['a>b unknown: config map m: nginx.conf'],
    ],
    [
      'a secret',
      [
        workload('a', { container: 'envFrom: [{ secretRef: { name: s } }]' }),
        '{ apiVersion: v1, kind: Secret, metadata: { name: s }, data: { U: cG9zdGdyZXM6Ly9iL3g= } }',
        ...b,
      ],
      ['a>b unknown: env U (secret s)'],
    ],
    [
      'a variable made of another',
      [workload('a', { container: 'env: [{ name: H, value: b }, { name: U, value: "http://$(H):80" }]' }), ...b],
      ['a>b unknown: env U'],
    ],
    ['a command', [workload('a', { container: 'args: ["--to=b:80"]' }), ...b], ['a>b unknown: command of c']],
    [
      'not what init containers wait for',
      [
        workload('a', { pod: 'initContainers: [{ name: i, command: [sh, -c, "until nc b 80; do sleep 1; done"] }]' }),
        ...b,
      ],
      [],
    ],
    [
      'what a native sidecar calls',
      [workload('a', { pod: 'initContainers: [{ name: i, restartPolicy: Always, args: ["--to=b:80"] }]' }), ...b],
      ['a>b unknown: command of i'],
    ],
    [
      'telemetry without waiting',
      [workload('a', env('X', 'http://jaeger:4317')), workload('jaeger'), service('jaeger')],
      ['a>jaeger async: env X, telemetry'],
    ],
    [
      'a pod of a headless Service',
      [
        workload('a', env('X', 'b-0.b:80')),
        workload('b', { kind: 'StatefulSet' }),
        service('b', { spec: 'clusterIP: None' }),
      ],
      ['a>b unknown: env X'],
    ],
    [
      'any of the components behind one Service',
      [
        workload('a', env('X', 'all:80')),
        workload('p', { labels: 'g: x, role: p' }),
        workload('r', { labels: 'g: x, role: r' }),
        service('all', { selector: 'g: x' }),
        service('p', { selector: 'role: p' }),
        service('r', { selector: 'role: r' }),
      ],
      ['a>all unknown any of p r: env X'],
    ],
  ]
  for (const [name, documents, wanted] of cases)
    it(name, () => {
      const imported = read(...documents)
      expect(imported.problems).toEqual([])
      expect(listDependencies(imported)).toEqual(wanted)
    })

  it('what init containers wait for is noted', () =>
    expect(read(workload('a', { pod: 'initContainers: [{ name: i, command: [nc, b, "80"] }]' }), ...b).notes).toContain(
      'Init containers wait at start-up only, which is no run-time dependency: a for b.',
    ))
})

describe('one component', () => {
  const versions = ['v1', 'v2', 'v3'].map((version) =>
    workload(`web-${version}`, { labels: `app: web, version: ${version}` }),
  )
  it('is all that one Service selects: versions deployed apart roll', () =>
    expect(factsOf(read(...versions, service('web')), 'web')).toEqual({
      kind: 'service',
      instances: 3,
      rollout: 'rolling',
    }))
  it('also when each version has a Service of its own', () => {
    const own = ['v1', 'v2', 'v3'].map((version) =>
      service(`web-${version}`, { selector: `app: web, version: ${version}` }),
    )
    expect(Object.keys(read(...versions, service('web'), ...own).document.components as object)).toEqual(['web'])
  })
  it('has the shortest of its names', () =>
    expect(
      Object.keys(
        read(
          workload('mq'),
          service('mq-client', { selector: 'app: mq' }),
          service('mq-headless', { selector: 'app: mq' }),
        ).document.components as object,
      ),
    ).toEqual(['mq']))
  it('keeps its namespace where another has the same name', () =>
    expect(
      Object.keys(
        read(workload('a', { namespace: 'x' }), workload('a', { namespace: 'y' }), workload('b')).document
          .components as object,
      ),
    ).toEqual(['a.x', 'a.y', 'b']))
  it('may lie outside the cluster', () =>
    expect(
      factsOf(read(service('pay', { selector: '', spec: 'type: ExternalName, externalName: pay.test' })), 'pay'),
    ).toEqual({ kind: 'external', notes: 'Outside the cluster: pay.test.' }))
  it('may have another name, which is no component of its own', () => {
    const alias = service('pay', {
      selector: '',
      spec: 'type: ExternalName, externalName: bank.default.svc.cluster.local',
    })
    const imported = read(workload('a', env('X', 'http://pay')), workload('bank'), service('bank'), alias)
    expect(listDependencies(imported)).toEqual(['a>bank unknown: env X'])
    expect(Object.keys(imported.document.components as object)).toEqual(['a', 'bank'])
  })
  it('may be read from a list', () =>
    expect(factsOf(read(`{ apiVersion: v1, kind: List, items: [${workload('a')}] }`), 'a')).toEqual({
      kind: 'service',
    }))
})

describe('facts of a workload', () => {
  const ready = 'readinessProbe: { httpGet: { path: /ready } }'
  const scaled = (minimum: string) =>
    `{ apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: { name: h }, spec: { scaleTargetRef: { kind: Deployment, name: a }, ${minimum} } }`
  const cases: [string, string[], unknown][] = [
    [
      'several with a readiness probe roll',
      [workload('a', { spec: 'replicas: 2', container: ready })],
      { kind: 'service', instances: 2, rollout: 'rolling', health: { ready: '/ready' } },
    ],
    ['without the probe nobody knows', [workload('a', { spec: 'replicas: 2' })], { kind: 'service', instances: 2 }],
    ['one does not roll', [workload('a', { container: ready })], { kind: 'service', health: { ready: '/ready' } }],
    [
      'Recreate is all at once',
      [workload('a', { spec: 'replicas: 2, strategy: { type: Recreate }', container: ready })],
      { kind: 'service', instances: 2, rollout: 'all-at-once', health: { ready: '/ready' } },
    ],
    [
      'a liveness probe',
      [workload('a', { container: 'livenessProbe: { tcpSocket: { port: 80 } }' })],
      { kind: 'service', health: { live: 'tcp 80' } },
    ],
    [
      'autoscaling counts with its minimum',
      [workload('a', { spec: 'replicas: 5' }), scaled('minReplicas: 2')],
      { kind: 'service', instances: 2 },
    ],
    [
      'and with one where it states none',
      [workload('a', { spec: 'replicas: 5' }), scaled('maxReplicas: 9')],
      { kind: 'service' },
    ],
    ['a job', [workload('a', { kind: 'Job' })], { kind: 'job' }],
    [
      'a kind by the port of its container',
      [workload('a', { container: 'image: acme/x, ports: [{ containerPort: 5432 }]' })],
      { kind: 'database' },
    ],
    [
      'spread is told, not modelled',
      [workload('a', { pod: 'topologySpreadConstraints: [{ topologyKey: topology.kubernetes.io/zone }]' })],
      { kind: 'service', notes: 'Spread over zone.' },
    ],
    [
      'anti-affinity and budgets, too',
      [
        workload('a', {
          pod: 'affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname }] } }',
        }),
        '{ apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: { name: p }, spec: { minAvailable: 67%, selector: { matchLabels: { app: a } } } }',
      ],
      { kind: 'service', notes: 'Anti-affinity: never two on one hostname. Disruption budget p: minAvailable 67%.' },
    ],
  ]
  for (const [name, documents, wanted] of cases)
    it(name, () => expect(factsOf(read(...documents), 'a')).toEqual(wanted))
})

describe('"has replicas" is not high availability', () => {
  const stateful = (container: string, name = 'a') =>
    workload(name, { kind: 'StatefulSet', spec: 'replicas: 3', container })
  const database = { kind: 'database', instances: 3, needs: 2 }
  it('systems of a majority need it', () => expect(factsOf(read(stateful('image: "etcd:3"')), 'a')).toEqual(database))
  it('a database with one primary counts as one', () =>
    expect(factsOf(read(stateful('image: "postgres:16"')), 'a')).toEqual({
      kind: 'database',
      notes:
        '3 copies of postgres are stated, but nothing that promotes one of them: counted as 1 instance. State failover if there is one.',
    }))
  it('unless its image promotes', () =>
    expect(factsOf(read(stateful('image: "ghcr.io/zalando/spilo-16:3"')), 'a')).toEqual({
      kind: 'database',
      instances: 3,
      failover: { mode: 'automatic' },
    }))
  it('or it is a replica set', () =>
    expect(factsOf(read(stateful('image: "mongo:7", args: ["--replSet", rs0]')), 'a')).toEqual(database))
  it('copies that answer reads stand for each other', () =>
    expect(factsOf(read(stateful('image: "redis:7"', 'redis-replica')), 'redis-replica')).toEqual({
      kind: 'cache',
      instances: 3,
    }))

  it('a primary and its replicas behind one Service count as one', () => {
    const both = ['p', 'r'].map((role) =>
      workload(`db-${role}`, { labels: `app: db, role: ${role}`, container: 'image: mysql' }),
    )
    expect(factsOf(read(...both, service('db')), 'db')).toMatchObject({
      kind: 'database',
      notes: expect.stringContaining('2 copies of mysql'),
    })
  })
  it('sentinels of plain manifests need their majority', () =>
    expect(
      factsOf(read(workload('redis-sentinel', { spec: 'replicas: 3', container: 'image: redis' })), 'redis-sentinel'),
    ).toEqual({
      kind: 'service',
      instances: 3,
      needs: 2,
    }))

  it('an operated cluster fails over by itself', () => {
    const imported = read(
      '{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: { name: pg }, spec: { instances: 3 } }',
      workload('a', env('X', 'postgres://pg-rw/x')),
    )
    expect(factsOf(imported, 'pg')).toEqual({ kind: 'database', instances: 3, failover: { mode: 'automatic' } })
    expect(listDependencies(imported)).toEqual(['a>pg unknown: env X'])
  })
  it('sentinels are counted', () => {
    const imported = read(
      '{ apiVersion: databases.spotahome.com/v1, kind: RedisFailover, metadata: { name: r }, spec: { redis: { replicas: 3 }, sentinel: { replicas: 2 } } }',
    )
    expect(factsOf(imported, 'r')).toEqual({
      kind: 'cache',
      instances: 3,
      failover: { mode: 'automatic', quorum: 'r-sentinel' },
    })
    expect(factsOf(imported, 'r-sentinel')).toEqual({ kind: 'service', instances: 2, needs: 2 })
  })
})

describe('entries', () => {
  const parts = ['a', 'b', 'c'].flatMap((name) => [workload(name), service(name)])
  const route = (kind: string, spec: string) =>
    `{ apiVersion: x/v1, kind: ${kind}, metadata: { name: r }, spec: { ${spec} } }`
  const cases: [string, string[], string[]][] = [
    [
      'an Ingress',
      [...parts, route('Ingress', 'rules: [{ http: { paths: [{ backend: { service: { name: a } } }] } }]')],
      ['a'],
    ],
    ['an old Ingress', [...parts, route('Ingress', 'backend: { serviceName: a }')], ['a']],
    ['a default backend', [...parts, route('Ingress', 'defaultBackend: { service: { name: a } }')], ['a']],
    [
      'a gateway route',
      [...parts, route('HTTPRoute', 'rules: [{ backendRefs: [{ name: a }, { name: b, namespace: default }] }]')],
      ['a', 'b'],
    ],
    [
      'a VirtualService at a gateway',
      [...parts, route('VirtualService', 'gateways: [g], http: [{ route: [{ destination: { host: a } }] }]')],
      ['a'],
    ],
    [
      'not one inside the mesh',
      [...parts, route('VirtualService', 'http: [{ route: [{ destination: { host: a } }] }]')],
      ['a', 'b', 'c'],
    ],
    ['an OpenShift Route', [...parts, route('Route', 'to: { name: a }')], ['a']],
    ['a load balancer', [...parts, workload('d'), service('d', { spec: 'type: LoadBalancer' })], ['d']],
    ['a node port', [...parts, workload('d'), service('d', { spec: 'type: NodePort' })], ['d']],
    [
      'a load balancer before a node port, unless that is a front',
      [
        ...['d', 'e', 'my-ui'].map((name) => workload(name)),
        service('d', { spec: 'type: LoadBalancer' }),
        service('e', { spec: 'type: NodePort' }),
        service('my-ui', { spec: 'type: NodePort' }),
      ],
      ['d', 'my-ui'],
    ],
    [
      'never a load generator',
      [
        workload('a', { ...env('X', 'http://b') }),
        workload('b'),
        service('b'),
        workload('loadgenerator', env('X', 'http://a')),
      ],
      ['a'],
    ],
  ]
  for (const [name, documents, wanted] of cases) it(name, () => expect(listEntries(read(...documents))).toEqual(wanted))
})

describe('mistakes are reported where they are', () => {
  const cases: [string, string, string[]][] = [
    [
      'a route to nothing',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: i }\nspec:\n  defaultBackend: { service: { name: shop } }',
      [
        'k.yaml:5:19 Ingress "i" leads to the Service "shop", which is not in these files. Fix the name or add its file.',
      ],
    ],
    [
      'a Service of nothing',
      service('a'),
      [
        'k.yaml:1:1 The Service "a" selects app=a, which no workload of these files has. Fix the selector or add the file of its workload.',
      ],
    ],
    [
      'scaling of nothing',
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: h }\nspec: { scaleTargetRef: { kind: Deployment, name: shop } }',
      [
        'k.yaml:4:45 HorizontalPodAutoscaler "h" scales the Deployment "shop", which is not in these files. Fix the name or add its file.',
      ],
    ],
    [
      'variants of one thing',
      [workload('a'), workload('a', { spec: 'replicas: 2' })].join('\n---\n'),
      [
        'k.yaml:3:1 Deployment "a" is declared otherwise in k.yaml. These look like variants of one platform: name the files or the folder of one.',
      ],
    ],
    ['the same thing twice is no mistake', [workload('a'), workload('a')].join('\n---\n'), []],
    [
      'a template',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: "{{ .Values.name }}" }',
      [
        'k.yaml:1:1 This is a template with placeholders, not a manifest. Render it first (helm template, kubectl kustomize) and name the result.',
      ],
    ],
    [
      'a template that YAML reads as a map',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: {{ name }} }',
      [
        'k.yaml:1:1 This is a template with placeholders, not a manifest. Render it first (helm template, kubectl kustomize) and name the result.',
      ],
    ],
    [
      'a document that is no manifest',
      `${workload('a')}\n---\nreplicas: 3`,
      ['k.yaml:3:1 This is not a Kubernetes manifest: apiVersion or kind is missing. Add them, or leave the file out.'],
    ],
  ]
  for (const [name, text, wanted] of cases)
    it(name, () => expect(read(text).problems.map(formatProblem)).toEqual(wanted))
})

describe('notes', () => {
  const cases: [string, string, string][] = [
    [
      'kinds that are not read',
      '{ apiVersion: x/v1, kind: Widget, metadata: { name: w } }',
      'Kinds that are not read: 1 Widget.',
    ],
    [
      'workloads that run in no copy',
      workload('a', { spec: 'replicas: 0' }),
      'Workloads with 0 replicas were left out: a.',
    ],
    [
      'config maps that are missing',
      workload('a', { container: 'envFrom: [{ configMapRef: { name: m } }]' }),
      'Config maps were not given, so what they name is unknown: m.',
    ],
    [
      'load generators',
      workload('load-generator'),
      'Load generators were left out, since no user needs them: load-generator.',
    ],
    [
      'hosts that are in no file',
      workload('a', env('X', 'redis://cache:6379')),
      'Named but not in these files, so not in the model: cache (env X of a). Declare in a system file what a flow needs.',
    ],
  ]
  for (const [name, text, wanted] of cases) it(name, () => expect(read(text).notes).toContain(wanted))
})

it('components and dependencies know where they were read', () => {
  const { document } = read(
    workload('b'),
    service('b'),
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      containers:\n      - env:\n        - name: X\n          value: b:80',
  )
  expect(positionOf(document, ['components', 'a'])).toEqual({ file: 'k.yaml', line: 5, column: 1 })
  expect(positionOf(document, ['components', 'a', 'depends-on', 'b'])).toEqual({ file: 'k.yaml', line: 14, column: 11 })
})
