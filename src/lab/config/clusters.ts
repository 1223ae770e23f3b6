import { describePatroniCluster } from './patroni-cluster.ts'
import { describeRabbitmqCluster } from './rabbitmq-cluster.ts'
import { describeRedisCluster } from './redis-cluster.ts'
import type { ClusterWish, ConfigFile } from './wish.ts'

/** What there is a configuration of, by the name that `linchpin lab config` takes. */
export const CLUSTERS: Readonly<Record<string, (wish: ClusterWish) => ConfigFile[]>> = {
  patroni: describePatroniCluster,
  rabbitmq: describeRabbitmqCluster,
  redis: describeRedisCluster,
}
