import { describe, expect, it } from 'vitest'
import { assess, failTogether } from '../src/assess/index.ts'
import { parseModel, type SystemModel } from '../src/model/index.ts'
import { lazy } from '../src/source/index.ts'
import { corpus, filesOf, listProjects, modelOf, problemsOf, readCorpus } from './corpus-files.ts'

const BOOKINFO = [
  'bookinfo/samples/bookinfo/platform/kube/bookinfo.yaml',
  'bookinfo/samples/bookinfo/networking/bookinfo-gateway.yaml',
]

const OVERLAY = 'tests/fixtures/bookinfo-overlay.yaml'

/** What a reader of the files can verify: everything in it, and what must not be. */
interface Expected {
  readonly paths: readonly string[]
  readonly components: string
  readonly entries: string
  /** Each as `caller>target strength: evidence`; all of them, unless `some`. */
  readonly dependencies: readonly string[]
  /** The project has more dependencies than those listed. */
  readonly some?: true
  readonly absent?: readonly string[]
  readonly notes?: readonly string[]
}

const PROJECTS: Record<string, Expected> = {
  temporal: {
    paths: ['temporal'],
    components: 'elasticsearch postgresql temporal temporal-admin-tools temporal-ui',
    entries: 'temporal-ui',
    dependencies: [
      'temporal>postgresql unknown: depends_on, env POSTGRES_SEEDS',
      'temporal>elasticsearch unknown: depends_on, env ES_SEEDS',
      'temporal-admin-tools>temporal unknown: depends_on, env TEMPORAL_ADDRESS, env TEMPORAL_CLI_ADDRESS',
      'temporal-ui>temporal unknown: depends_on, env TEMPORAL_ADDRESS',
    ],
    notes: [
      'Taken as entries: temporal-ui; also published, but behind them or less likely a way in for users: temporal (--entry chooses).',
    ],
  },
  'temporal in several roles': {
    paths: ['temporal/docker-compose-multirole.yaml', 'temporal/.env'],
    components:
      'elasticsearch grafana jaeger-all-in-one loki otel-collector postgresql prometheus temporal-admin-tools temporal-frontend temporal-frontend2 temporal-history temporal-matching temporal-nginx temporal-ui temporal-worker',
    entries: 'temporal-ui temporal-nginx',
    some: true,
    dependencies: [
      'temporal-nginx>temporal-frontend unknown: depends_on',
      'temporal-nginx>temporal-frontend2 unknown: depends_on',
      'temporal-frontend>temporal-matching unknown: depends_on',
      'temporal-history>elasticsearch unknown: depends_on, env ES_SEEDS',
      'grafana>prometheus unknown: depends_on',
    ],
    absent: ['temporal-history>otel-collector', 'temporal-frontend>prometheus', 'temporal-ui>grafana'],
  },
  netbox: {
    paths: ['netbox'],
    components: 'netbox netbox-housekeeping netbox-worker postgres redis redis-cache',
    entries: 'netbox',
    dependencies: [
      'netbox>postgres unknown: depends_on',
      'netbox>redis unknown: depends_on',
      'netbox>redis-cache unknown: depends_on',
      'netbox-worker>netbox unknown: depends_on',
      'netbox-housekeeping>netbox unknown: depends_on',
    ],
    notes: [
      'Environment files were not given, so what they name is unknown: env/netbox.env, env/postgres.env, env/redis.env, env/redis-cache.env.',
    ],
  },
  langfuse: {
    paths: ['langfuse'],
    components: 'clickhouse langfuse-web langfuse-worker minio postgres redis',
    entries: 'langfuse-web',
    some: true,
    dependencies: [
      'langfuse-web>postgres unknown: depends_on, env DATABASE_URL',
      'langfuse-web>redis unknown: depends_on, env REDIS_HOST',
      'langfuse-web>clickhouse unknown: depends_on, env CLICKHOUSE_MIGRATION_URL, env CLICKHOUSE_URL',
      'langfuse-web>minio unknown: depends_on, env LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT, env LANGFUSE_S3_BATCH_EXPORT_ENDPOINT',
    ],
    absent: ['langfuse-web>langfuse-worker', 'langfuse-worker>langfuse-web', 'minio>clickhouse'],
  },
  'the AKS store in Compose': {
    paths: ['aks-store-demo'],
    components: 'ai-service documentdb makeline-service order-service product-service rabbitmq store-admin store-front',
    entries: 'store-front store-admin',
    dependencies: [
      'order-service>rabbitmq unknown: depends_on, env ORDER_QUEUE_HOSTNAME',
      'makeline-service>rabbitmq unknown: depends_on, env ORDER_QUEUE_URI',
      'makeline-service>documentdb unknown: depends_on, env ORDER_DB_URI',
      'product-service>ai-service unknown: env AI_SERVICE_URL',
      'store-front>product-service unknown: depends_on',
      'store-front>order-service unknown: depends_on',
      'store-admin>product-service unknown: depends_on',
      'store-admin>makeline-service unknown: depends_on',
    ],
    notes: ['Load generators were left out, since no user needs them: virtual-customer, virtual-worker.'],
  },
  'the AKS store in Kubernetes': {
    paths: ['aks-store-demo/aks-store-all-in-one.yaml'],
    components: 'documentdb makeline-service order-service product-service rabbitmq store-admin store-front',
    entries: 'store-front store-admin',
    dependencies: [
      'order-service>rabbitmq unknown: env ORDER_QUEUE_HOSTNAME (config map order-service-configs)',
      'makeline-service>rabbitmq unknown: env ORDER_QUEUE_URI',
      'makeline-service>documentdb unknown: env ORDER_DB_URI',
    ],
    notes: [
      'Init containers wait at start-up only, which is no run-time dependency: order-service for rabbitmq.',
      'Load generators were left out, since no user needs them: virtual-customer, virtual-worker.',
      'Named but not in these files, so not in the model: ai-service (env AI_SERVICE_URL of product-service). Declare in a system file what a flow needs.',
    ],
  },
  'the pet clinic': {
    paths: ['petclinic-microservices'],
    components:
      'admin-server api-gateway config-server customers-service discovery-server genai-service grafana-server prometheus-server tracing-server vets-service visits-service',
    entries: 'api-gateway',
    some: true,
    dependencies: [
      'api-gateway>config-server unknown: depends_on',
      'api-gateway>discovery-server unknown: depends_on',
      'discovery-server>config-server unknown: depends_on',
    ],
    absent: ['api-gateway>tracing-server', 'api-gateway>customers-service', 'customers-service>grafana-server'],
  },
  'n8n with a worker': {
    paths: ['n8n/docker-compose/withPostgresAndWorker'],
    components: 'n8n n8n-runner n8n-worker n8n-worker-runner postgres redis',
    entries: 'n8n',
    dependencies: [
      'n8n>redis unknown: depends_on, env QUEUE_BULL_REDIS_HOST',
      'n8n>postgres unknown: depends_on, env DB_POSTGRESDB_HOST',
      'n8n-runner>n8n unknown: depends_on, env N8N_RUNNERS_TASK_BROKER_URI',
      'n8n-worker>n8n unknown: depends_on',
      'n8n-worker>postgres unknown: env DB_POSTGRESDB_HOST',
      'n8n-worker>redis unknown: env QUEUE_BULL_REDIS_HOST',
      'n8n-worker-runner>n8n-worker unknown: depends_on, env N8N_RUNNERS_TASK_BROKER_URI',
    ],
  },
  penpot: {
    paths: ['coolify-templates/templates/compose/penpot.yaml'],
    components: 'frontend mailpit penpot-backend penpot-exporter penpot-valkey postgres',
    entries: 'frontend',
    dependencies: [
      'frontend>penpot-backend unknown: depends_on',
      'frontend>penpot-exporter unknown: depends_on',
      'penpot-backend>postgres unknown: depends_on, env PENPOT_DATABASE_URI',
      'penpot-backend>penpot-valkey unknown: depends_on, env PENPOT_REDIS_URI',
      'penpot-backend>penpot-exporter unknown: env PENPOT_EXPORTER_URI',
      'penpot-backend>mailpit unknown: env PENPOT_SMTP_HOST',
      'penpot-exporter>penpot-valkey unknown: env PENPOT_REDIS_URI',
    ],
  },
  plausible: {
    paths: ['coolify-templates/templates/compose/plausible.yaml'],
    components: 'plausible plausible-db plausible-events-db',
    entries: 'plausible',
    dependencies: [
      'plausible>plausible-db unknown: depends_on, env DATABASE_URL',
      'plausible>plausible-events-db unknown: depends_on, env CLICKHOUSE_DATABASE_URL',
    ],
  },
  'the bank of Anthos': {
    paths: ['bank-of-anthos/kubernetes-manifests'],
    components: 'accounts-db balancereader contacts frontend ledger-db ledgerwriter transactionhistory userservice',
    entries: 'frontend',
    some: true,
    dependencies: [
      'frontend>userservice unknown: env USERSERVICE_API_ADDR (config map service-api-config)',
      'frontend>ledgerwriter unknown: env TRANSACTIONS_API_ADDR (config map service-api-config)',
      'userservice>accounts-db unknown: env ACCOUNTS_DB_URI (config map accounts-db-config)',
      'ledgerwriter>ledger-db unknown: env SPRING_DATASOURCE_URL (config map ledger-db-config)',
    ],
    absent: ['frontend>accounts-db', 'frontend>ledger-db', 'accounts-db>ledger-db', 'contacts>ledger-db'],
    notes: ['Load generators were left out, since no user needs them: loadgenerator.'],
  },
  'the bank of Anthos with a database elsewhere': {
    paths: ['bank-of-anthos/extras/postgres-hpa'],
    components: 'balancereader contacts frontend ledgerwriter pgpool-operator transactionhistory userservice',
    entries: 'frontend',
    some: true,
    dependencies: ['frontend>contacts unknown: env CONTACTS_API_ADDR (config map service-api-config)'],
    notes: [
      'Named but not in these files, so not in the model: accounts-db-pgpool (env SPRING_DATASOURCE_URL (secret ledger-db-config) of balancereader and 4 more). Declare in a system file what a flow needs.',
    ],
  },
  bookinfo: {
    paths: BOOKINFO,
    components: 'details productpage ratings reviews',
    entries: 'productpage',
    dependencies: [],
  },
  'bookinfo with a database': {
    paths: [
      ...BOOKINFO,
      'bookinfo/samples/bookinfo/platform/kube/bookinfo-versions.yaml',
      'bookinfo/samples/bookinfo/platform/kube/bookinfo-db.yaml',
      'bookinfo/samples/bookinfo/platform/kube/bookinfo-ratings-v2.yaml',
    ],
    components: 'details mongodb productpage ratings reviews',
    entries: 'productpage',
    dependencies: ['ratings>mongodb unknown: env MONGO_DB_URL'],
  },
  'the guest book': {
    paths: ['k8s-examples/web/guestbook/all-in-one/guestbook-all-in-one.yaml'],
    components: 'frontend redis-master redis-replica',
    entries: 'frontend',
    dependencies: [],
  },
  'the train tickets in Compose': {
    paths: ['train-ticket/deployment/docker-compose-manifests/docker-compose-with-jaeger.yml'],
    components: '',
    entries: 'ts-ui-dashboard',
    some: true,
    dependencies: ['ts-voucher-service>ts-voucher-mysql unknown: depends_on'],
  },
  'the train tickets in Kubernetes': {
    paths: ['train-ticket/deployment/kubernetes-manifests/quickstart-k8s'],
    components: '',
    entries: 'ts-auth-service ts-ui-dashboard',
    dependencies: [],
  },
}

it.skipIf(corpus.isPresent)(corpus.skipMessage, (test) => test.skip())

describe.skipIf(!corpus.isPresent)('real projects', () => {
  for (const [name, expected] of Object.entries(PROJECTS))
    describe(name, () => {
      const parsed = lazy(() => readCorpus(expected.paths))
      const model = lazy(() => modelOf(expected.paths))
      const found = () => listDependencies(model())
      it('is read without problems', () => expect(problemsOf(parsed())).toEqual([]))
      it('has its components', () => {
        if (expected.components !== '')
          expect(
            model()
              .components.map(({ id }) => id)
              .sort()
              .join(' '),
          ).toBe(expected.components)
      })
      it('has its entries', () =>
        expect(
          model()
            .flows.map(({ entry }) => entry)
            .join(' '),
        ).toBe(expected.entries))
      it('has its dependencies, each with what shows it', () =>
        expect(
          expected.some
            ? found()
                .filter((line) => expected.dependencies.includes(line))
                .sort()
            : found().sort(),
        ).toEqual([...expected.dependencies].sort()))
      it('has no others', () => {
        const pairs = found().map((line) => line.split(' ')[0])
        for (const absent of expected.absent ?? []) expect(pairs).not.toContain(absent)
      })
      it('says what was read in part', () => {
        for (const note of expected.notes ?? []) expect(parsed().notes).toContain(note)
      })
      it('shows as certain only what is', () => {
        const { flows } = assess(model()).claimed
        for (const { flow, spofs } of flows)
          for (const { component, assumed } of spofs) if (!assumed) expect(component).toBe(flow.entry)
      })
    })
})

/** Where the files themselves are at fault: variants side by side, a part without the rest, a route to nothing. */
const MISTAKES: Record<string, string[]> = {
  'bank-of-anthos': [
    'bank-of-anthos/extras/postgres-hpa/kubernetes-manifests/balance-reader.yaml:16:1 Deployment "balancereader" is declared otherwise in bank-of-anthos/extras/cloudsql/kubernetes-manifests/balance-reader.yaml. So are 25 more objects, in 17 files. These look like variants of one platform: name the files or the folder of one.',
  ],
  'bookinfo/samples/bookinfo/networking': [
    'bookinfo/samples/bookinfo/networking/bookinfo-gateway.yaml:41:9 VirtualService "bookinfo" leads to the Service "productpage", which is not in these files. Fix the name or add its file.',
    'bookinfo/samples/bookinfo/networking/certmanager-gateway.yaml:33:9 VirtualService "cert-manager" leads to the Service "cert-manager-resolver", which is not in these files. Fix the name or add its file.',
  ],
  'bookinfo/samples/bookinfo/platform/kube': [
    'bookinfo/samples/bookinfo/platform/kube/bookinfo-details.yaml:18:1 Service "details" is declared otherwise in bookinfo/samples/bookinfo/platform/kube/bookinfo-details-dualstack.yaml. So are 21 more objects, in 8 files. These look like variants of one platform: name the files or the folder of one.',
  ],
  'k8s-examples/databases/cassandra/image/files': [
    'k8s-examples/databases/cassandra/image/files/cassandra.yaml:10:1 This is not a system file, a compose file or a Kubernetes manifest. See linchpin init for a first system file.',
  ],
  'k8s-examples/databases/cassandra/java/src/test/resources': [
    'k8s-examples/databases/cassandra/java/src/test/resources/cassandra.yaml:18:1 This is not a system file, a compose file or a Kubernetes manifest. See linchpin init for a first system file.',
  ],
  'k8s-examples/web/guestbook': [
    'k8s-examples/web/guestbook/all-in-one/redis-replica.yaml:1:1 Service "redis-replica" is declared otherwise in k8s-examples/web/guestbook/all-in-one/guestbook-all-in-one.yaml. So are 3 more objects, in 4 files. These look like variants of one platform: name the files or the folder of one.',
  ],
  'k8s-examples/web/guestbook/all-in-one': [
    'k8s-examples/web/guestbook/all-in-one/redis-replica.yaml:1:1 Service "redis-replica" is declared otherwise in k8s-examples/web/guestbook/all-in-one/guestbook-all-in-one.yaml. These look like variants of one platform: name the files or the folder of one.',
  ],
  'train-ticket/deployment/kubernetes-manifests/k8s-with-istio': [
    'train-ticket/deployment/kubernetes-manifests/k8s-with-istio/trainticket-gateway.yaml:375:9 VirtualService "trainticket" leads to the Service "kafka", which is not in these files. Fix the name or add its file.',
  ],
}

describe.skipIf(!corpus.isPresent)('every Compose file and every folder of manifests', () => {
  const paths = [...new Set([...listProjects(), ...Object.keys(MISTAKES)])]
  for (const path of paths)
    it(`${path} ${MISTAKES[path] ? 'is told its mistake' : 'is assessed'}`, () => {
      const parsed = readCorpus([path])
      expect(problemsOf(parsed)).toEqual(MISTAKES[path] ?? [])
      if (parsed.model) expect(assess(parsed.model).claimed.flows.length).toBeGreaterThan(0)
    })
})

describe.skipIf(!corpus.isPresent)('data that is kept in several copies', () => {
  const cases: [string, string, object][] = [
    [
      'k8s-examples/databases/cassandra',
      'cassandra',
      { kind: 'database', instances: 3, needs: 2, failover: undefined },
    ],
    [
      'k8s-examples/_archived/cockroachdb',
      'cockroachdb',
      { kind: 'database', instances: 3, needs: 2, failover: undefined },
    ],
    ['rabbitmq-k8s/minikube', 'rabbitmq', { kind: 'queue', instances: 3, needs: 2, failover: undefined }],
    ['k8s-examples/_archived/storage/redis', 'redis', { kind: 'cache', instances: 1, failover: undefined }],
    ['k8s-examples/_archived/storage/redis', 'redis-sentinel', { kind: 'service', instances: 2, needs: 2 }],
    [
      'k8s-examples/web/guestbook/all-in-one/guestbook-all-in-one.yaml',
      'redis-replica',
      { kind: 'cache', instances: 2, needs: 1 },
    ],
  ]
  for (const [path, id, wanted] of cases)
    it(`${id} of ${path}`, () =>
      expect(modelOf([path]).components.find((item) => item.id === id)).toMatchObject(wanted))
})

describe.skipIf(!corpus.isPresent)('bookinfo, with what its code says beside its manifests', () => {
  const model = lazy(() => modelOf([...BOOKINFO, OVERLAY]))
  const view = lazy(() => assess(model()).claimed)
  /** The stricter flow: a page without reviews or details is no page. */
  const strict = lazy(() => {
    const files = filesOf([...BOOKINFO, OVERLAY]).map(({ file, text }) => ({
      file,
      text: file.endsWith(OVERLAY)
        ? text.replace(/(details|reviews): \{ strength: soft/g, '$1: { strength: hard')
        : text,
    }))
    return parseModel(files).model as SystemModel
  })

  it('has one certain single point of failure: the page', () => {
    const certain = view().flows.flatMap(({ spofs }) => spofs.filter(({ assumed }) => !assumed))
    expect(certain.map(({ component }) => component)).toEqual(['productpage'])
  })
  it('loses its reviews when the ratings hang, and keeps the page', () => {
    const hang = [{ component: 'ratings', mode: 'hang' }] as const
    expect(failTogether(model(), hang)).toMatchObject({ down: [], degraded: ['use-productpage'] })
    expect(failTogether(strict(), hang)).toMatchObject({ down: ['use-productpage'] })
  })
  it('loses only stars when the ratings have crashed', () =>
    expect(failTogether(strict(), [{ component: 'ratings', mode: 'crash' }])).toMatchObject({
      down: [],
      degraded: ['use-productpage'],
    }))
  it('waits longer below than above, which is found', () =>
    expect(
      view()
        .findings.filter(({ code }) => code === 'LP002')
        .map(({ at }) => at),
    ).toEqual(['reviews>ratings']))
  it('runs its reviews as a group of which one of three is enough', () => {
    expect(model().components.find(({ id }) => id === 'reviews')).toMatchObject({
      instances: 3,
      needs: 1,
      rollout: 'rolling',
    })
    const single = assess(strict()).claimed.flows.flatMap(({ spofs }) =>
      spofs.filter(({ kinds }) => kinds.includes('single')),
    )
    expect(single.map(({ component }) => component).sort()).toEqual(['details', 'productpage'])
  })
  it('still has its one flow', () => expect(model().flows.map(({ id }) => id)).toEqual(['use-productpage']))
})

/** `web>db unknown: depends_on, env DB_HOST`. */
function listDependencies(model: SystemModel): string[] {
  return model.components.flatMap(({ dependencies }) =>
    dependencies.map(({ id, strength, evidence }) => `${id} ${strength}: ${evidence.join(', ')}`),
  )
}
