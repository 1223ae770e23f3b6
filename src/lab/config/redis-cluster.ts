import type { ClusterWish, ConfigFile } from './wish.ts'

/** Sentinel acts after so long a silence; its own default is 30 s. */
const SILENCE_MS = 5_000

/**
 * The configuration of Redis with a Sentinel on each node: the first node is written to at first, the others follow.
 * Pure. Both programs write into their files what changes; so these are only for the first start. The files of a node
 * are in a folder of its name.
 */
export function describeRedisCluster({ nodes, scope }: ClusterWish): ConfigFile[] {
  const [first = ''] = nodes
  return nodes.flatMap((node) => [
    { path: `${node}/redis.conf`, text: writeRedis({ node, first }) },
    { path: `${node}/sentinel.conf`, text: writeSentinel({ node, first, scope, quorum: majorityOf(nodes) }) },
    { path: `${node}/README.txt`, text: README },
  ])
}

function majorityOf(nodes: readonly string[]): number {
  return Math.floor(nodes.length / 2) + 1
}

function writeRedis({ node, first }: { node: string; first: string }): string {
  return `# ${node}: /etc/redis/redis.conf
bind ${node}
port 6379
dir /var/lib/redis
replica-announce-ip ${node}
appendonly yes
appendfsync everysec
maxmemory 1gb
maxmemory-policy allkeys-lru
repl-timeout 10
# Whoever is cut off from every replica takes no writes: fewer acknowledged ones are lost, not none.
min-replicas-to-write 1
min-replicas-max-lag 5
${node === first ? '' : `replicaof ${first} 6379\n`}`
}

interface SentinelWish {
  readonly node: string
  readonly first: string
  readonly scope: string
  readonly quorum: number
}

function writeSentinel({ node, first, scope, quorum }: SentinelWish): string {
  return `# ${node}: /etc/redis/sentinel.conf
bind ${node}
port 26379
dir /var/lib/redis
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip ${node}
sentinel monitor ${scope} ${first} 6379 ${quorum}
sentinel down-after-milliseconds ${scope} ${SILENCE_MS}
sentinel failover-timeout ${scope} 30000
sentinel parallel-syncs ${scope} 1
`
}

const README = `1. Install redis-server and redis-sentinel, stop both, copy these files to /etc/redis (owner redis, mode 0640).
2. Passwords: "requirepass" and "masterauth" in redis.conf, "sentinel auth-pass" in sentinel.conf, the same everywhere.
3. Start the first node's Redis, then the others', then the Sentinels.
4. redis-cli -p 26379 sentinel ckquorum NAME
A failover may lose writes that were acknowledged: keep there only what can be made again.
`
