import { productOfImage, repositoryOf, wordsOf } from './image-kind.ts'

/** Copies of one component, however the platform calls them. */
export interface Copies {
  readonly count: number
  readonly name: string
  readonly images: readonly string[]
  readonly command: readonly string[]
}

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
/** Names of copies that only answer reads. */
const REPLICA = new Set(
  'replica replicas slave slaves secondary secondaries readonly read reader follower redisslave'.split(' '),
)

/**
 * "Has replicas" is not high availability. Systems of a majority need it, and so do sentinels; a database with one
 * primary counts as one instance unless its image is known to fail over, however many copies are stated; copies that
 * only answer reads stand for each other.
 */
export function judgeReplication({ count, name, images, command }: Copies): Replication {
  if (count < 2) return { instances: count }
  if (isSentinel(name)) return majorityOf(count)
  const product = images.map(productOfImage).find((found) => found !== undefined)
  if (product === undefined) return { instances: count }
  if (MAJORITY.has(product)) return majorityOf(count)
  if (images.some((image) => MANAGED.test(repositoryOf(image))))
    return { instances: count, failover: { mode: 'automatic' } }
  const words = [name, ...images].flatMap((text) => wordsOf(text))
  if (!PRIMARY.has(product) || words.some((word) => REPLICA.has(word))) return { instances: count }
  if (isReplicaSet(images, command)) return majorityOf(count)
  return {
    instances: 1,
    notes: `${count} copies of ${product} are stated, but nothing that promotes one of them: counted as 1 instance. State failover if there is one.`,
  }
}

export function majorityOf(instances: number): Replication {
  return { instances, needs: Math.floor(instances / 2) + 1 }
}

/** Sentinels decide by majority which Redis is primary; they hold no data, whatever their image is. */
export function isSentinel(name: string): boolean {
  return wordsOf(name).some((word) => word === 'sentinel' || word === 'sentinels')
}

/** MongoDB elects a primary by majority when it is started as a replica set. */
function isReplicaSet(images: readonly string[], command: readonly string[]): boolean {
  return images.some((image) => /mongo/.test(image)) && command.some((word) => /--replSet\b/.test(word))
}
