import type { PlainObject } from '../../../source/index.ts'
import type { FoundKind } from '../image-kind.ts'
import { majorityOf } from '../replicated-data.ts'
import { countAt, listAt, mapAt } from '../untyped.ts'
import type { Manifest } from './manifest.ts'

/** A cluster that an operator runs: it states how its failover works. */
export interface OperatedCluster {
  readonly manifest: Manifest
  readonly kind: FoundKind
  readonly facts: PlainObject
  /** The Services that the operator makes for it. */
  readonly serviceNames: readonly string[]
  /** Members that elect its primary: a component of their own, which the failover rests on. */
  readonly quorum?: { readonly id: string; readonly instances: number }
}

interface OperatedKind {
  readonly group: string
  readonly kind: string
  readonly found: FoundKind
  readonly members: (spec: PlainObject) => number | undefined
  /** `primary`: one serves and another is promoted; `majority`: members agree among themselves. */
  readonly form: 'primary' | 'majority'
  readonly services: readonly string[]
  readonly sentinels?: (spec: PlainObject) => number | undefined
}

/** The recognised kinds; `NAME` stands for the name of the cluster. */
const OPERATED: readonly OperatedKind[] = [
  {
    group: 'postgresql.cnpg.io',
    kind: 'Cluster',
    found: 'database',
    form: 'primary',
    members: (spec) => countAt(spec, 'instances'),
    services: ['NAME-rw', 'NAME-ro', 'NAME-r'],
  },
  {
    group: 'acid.zalan.do',
    kind: 'postgresql',
    found: 'database',
    form: 'primary',
    members: (spec) => countAt(spec, 'numberOfInstances'),
    services: ['NAME', 'NAME-repl'],
  },
  {
    group: 'postgres-operator.crunchydata.com',
    kind: 'PostgresCluster',
    found: 'database',
    form: 'primary',
    members: (spec) => sumOf(spec, 'instances', 'replicas'),
    services: ['NAME-primary', 'NAME-replicas', 'NAME-pgbouncer'],
  },
  {
    group: 'mysql.oracle.com',
    kind: 'InnoDBCluster',
    found: 'database',
    form: 'majority',
    members: (spec) => countAt(spec, 'instances'),
    services: ['NAME', 'NAME-instances'],
  },
  {
    group: 'pxc.percona.com',
    kind: 'PerconaXtraDBCluster',
    found: 'database',
    form: 'majority',
    members: (spec) => countAt(spec, 'pxc', 'size'),
    services: ['NAME-haproxy', 'NAME-proxysql', 'NAME-pxc'],
  },
  {
    group: 'mongodbcommunity.mongodb.com',
    kind: 'MongoDBCommunity',
    found: 'database',
    form: 'majority',
    members: (spec) => countAt(spec, 'members'),
    services: ['NAME-svc'],
  },
  {
    group: 'rabbitmq.com',
    kind: 'RabbitmqCluster',
    found: 'queue',
    form: 'majority',
    members: (spec) => countAt(spec, 'replicas'),
    services: ['NAME', 'NAME-nodes'],
  },
  {
    group: 'kafka.strimzi.io',
    kind: 'Kafka',
    found: 'queue',
    form: 'majority',
    members: (spec) => countAt(spec, 'kafka', 'replicas'),
    services: ['NAME-kafka-bootstrap', 'NAME-kafka-brokers'],
  },
  {
    group: 'elasticsearch.k8s.elastic.co',
    kind: 'Elasticsearch',
    found: 'database',
    form: 'majority',
    members: (spec) => sumOf(spec, 'nodeSets', 'count'),
    services: ['NAME-es-http'],
  },
  {
    group: 'databases.spotahome.com',
    kind: 'RedisFailover',
    found: 'cache',
    form: 'primary',
    members: (spec) => countAt(spec, 'redis', 'replicas'),
    sentinels: (spec) => countAt(spec, 'sentinel', 'replicas'),
    services: ['rfs-NAME', 'rfrm-NAME'],
  },
]

export function readOperatedCluster(manifest: Manifest): OperatedCluster | undefined {
  const operated = OPERATED.find(({ group, kind }) => group === manifest.group && kind === manifest.kind)
  if (!operated) return undefined
  const spec = mapAt(manifest.value, 'spec')
  const members = Math.max(operated.members(spec) ?? 1, 1)
  const sentinels = operated.sentinels?.(spec)
  const quorum =
    sentinels === undefined ? undefined : { id: `${manifest.name}-sentinel`, instances: Math.max(sentinels, 1) }
  const failover = { mode: 'automatic', ...(quorum && { quorum: quorum.id }) }
  const many = operated.form === 'majority' ? { ...majorityOf(members) } : { instances: members, failover }
  return {
    manifest,
    kind: operated.found,
    facts: members > 1 ? many : {},
    serviceNames: operated.services.map((name) => name.replace('NAME', manifest.name)),
    ...(quorum && members > 1 && { quorum }),
  }
}

function sumOf(spec: PlainObject, list: string, count: string): number | undefined {
  const counts = listAt(spec, list).map((item) => countAt(item, count) ?? 1)
  return counts.length === 0 ? undefined : counts.reduce((sum, next) => sum + next, 0)
}
