/** The kinds of component that an image or a port can tell. */
export type FoundKind = 'gateway' | 'service' | 'database' | 'cache' | 'queue' | 'external' | 'job'

/** Products by the word that their images carry. */
const PRODUCTS: readonly [FoundKind, string][] = [
  [
    'database',
    'postgres postgresql postgis pgvector timescaledb timescale spilo mysql mysqldb mariadb percona mongo mongodb mongod cassandra scylla scylladb elasticsearch opensearch clickhouse minio cockroach cockroachdb etcd zookeeper consul couchdb couchbase neo4j influxdb mssql sqlserver oracle documentdb ferretdb dynamodb arangodb surrealdb questdb rethinkdb solr meilisearch typesense qdrant weaviate milvus chroma chromadb seaweedfs tidb tikv yugabyte yugabytedb rqlite firebird db2 vault dgraph',
  ],
  ['cache', 'redis valkey memcached memcache keydb dragonfly dragonflydb garnet redisslave hazelcast varnish'],
  [
    'queue',
    'rabbitmq kafka redpanda nats pulsar activemq artemis mosquitto emqx nsq nsqd beanstalkd zeromq elasticmq gearmand vernemq hivemq',
  ],
  ['gateway', 'nginx traefik envoy haproxy kong caddy openresty apisix tyk krakend httpd ambassador contour'],
]
const KIND_OF_WORD = new Map(PRODUCTS.flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind] as const)))

/** Words that say an image is something about the product, not the product: `redis-exporter` is no cache. */
const ABOUT = new Set(
  'exporter client consumer producer connect connector backup restore operator ui admin insight commander proxy init setup migrate migration migrations writer reader tool tools express cli sync worker controller bouncer sentinel manager gui console browser test tester sidecar agent registry rest'.split(
    ' ',
  ),
)

const KIND_OF_PORT = new Map<number, FoundKind>([
  [5432, 'database'],
  [3306, 'database'],
  [1433, 'database'],
  [27017, 'database'],
  [9042, 'database'],
  [6379, 'cache'],
  [11211, 'cache'],
  [5672, 'queue'],
  [9092, 'queue'],
])

/** What an image is by its name; undefined when the name says nothing, which is the case of most of one's own. */
export function kindOfImage(image: string): FoundKind | undefined {
  const words = wordsOfImage(image)
  if (words.some((word) => ABOUT.has(word))) return undefined
  return words.map((word) => KIND_OF_WORD.get(word)).find((kind) => kind !== undefined)
}

/** The product an image holds, such as `postgres`; undefined for anything else. */
export function productOfImage(image: string): string | undefined {
  const words = wordsOfImage(image)
  return words.some((word) => ABOUT.has(word)) ? undefined : words.find((word) => KIND_OF_WORD.has(word))
}

/** What usually listens at a port. */
export function kindOfPort(port: number): FoundKind | undefined {
  return KIND_OF_PORT.get(port)
}

const LENGTH_MAX = 300

/** The repository of an image: without registry, tag and digest. */
export function repositoryOf(image: string): string {
  const path = (image.slice(0, LENGTH_MAX).split('@')[0] ?? '').replace(/:[^/]*$/, '').split('/')
  const isRegistry = path.length > 1 && /[.:]|^localhost$/.test(path[0] ?? '')
  return (isRegistry ? path.slice(1) : path).join('/').toLowerCase()
}

/** The words of an image's own name, without its registry and its owner. */
function wordsOfImage(image: string): string[] {
  return wordsOf(repositoryOf(image).split('/').at(-1) ?? '')
}

/** `ts-uiDashboard_2` has the words ts, ui, dashboard, 2. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}
