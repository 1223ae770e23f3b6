import { productOfImage, repositoryOf, wordsOf } from '../image-kind.ts'
import { textAt, textsAt } from '../untyped.ts'
import { imagesOf, type Workload } from './workload.ts'

/** How many copies of something that keeps data really stand for each other. */
export interface Replication {
  readonly instances: number
  readonly needs?: number
  readonly failover?: { readonly mode: 'automatic' }
  readonly notes?: string
}

/** Systems whose members agree by majority; fewer than that serve nothing, or nothing that was written. */
const MAJORITY = new Set(
  'etcd zookeeper consul rabbitmq cassandra scylla scylladb elasticsearch opensearch kafka redpanda nats cockroach cockroachdb yugabyte yugabytedb vault tidb tikv rqlite minio couchbase dgraph pulsar neo4j rethinkdb'.split(
    ' ',
  ),
)
/** Systems with one primary: copies of it help only when something promotes them. */
const PRIMARY = new Set(
  'postgres postgresql postgis pgvector timescaledb timescale mysql mysqldb mariadb percona redis valkey keydb mongo mongodb mongod redisslave mssql sqlserver oracle influxdb'.split(
    ' ',
  ),
)
/** Images that bring the promotion with them. */
const MANAGED =
  /(^|[/-])(spilo|patroni|postgresql-repmgr|stolon|pg-auto-failover|mysql-innodb-cluster|mariadb-galera|percona-xtradb-cluster|redis-cluster|valkey-cluster)([-_.]|$)/
/** Names of workloads that only answer reads. */
const REPLICA = new Set(
  'replica replicas slave slaves secondary secondaries readonly read reader follower redisslave'.split(' '),
)

/**
 * "Has replicas" is not high availability. Systems of a majority need it; a database with one primary counts as one
 * instance unless its image is known to fail over, however many replicas it states; workloads that only answer reads
 * stand for each other.
 */
export function judgeReplication(workload: Workload, replicas: number): Replication {
  const images = imagesOf(workload)
  const product = images.map(productOfImage).find((found) => found !== undefined)
  if (replicas < 2 || product === undefined) return { instances: replicas }
  if (MAJORITY.has(product)) return majorityOf(replicas)
  if (images.some((image) => MANAGED.test(repositoryOf(image))))
    return { instances: replicas, failover: { mode: 'automatic' } }
  const words = [...wordsOf(workload.name), ...images.flatMap((image) => wordsOf(image))]
  if (!PRIMARY.has(product) || words.some((word) => REPLICA.has(word))) return { instances: replicas }
  if (isReplicaSet(workload)) return majorityOf(replicas)
  return {
    instances: 1,
    notes: `${replicas} replicas of ${product} are stated, but nothing that promotes one of them: counted as 1 instance. State failover if there is one.`,
  }
}

export function majorityOf(instances: number): Replication {
  return { instances, needs: Math.floor(instances / 2) + 1 }
}

/** MongoDB elects a primary by majority when it is started as a replica set. */
function isReplicaSet({ containers }: Workload): boolean {
  const words = containers.flatMap((container) => [...textsAt(container, 'command'), ...textsAt(container, 'args')])
  const isMongo = containers.some((container) => /mongo/.test(textAt(container, 'image') ?? ''))
  return isMongo && words.some((word) => /--replSet\b/.test(word))
}
