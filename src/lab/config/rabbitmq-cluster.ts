import type { ClusterWish, ConfigFile } from './wish.ts'

/**
 * The configuration of RabbitMQ on machines of its own: what the lab runs, with production's limits. Pure. Users are
 * made with rabbitmqctl, so that no password is in a file. The files of a node are in a folder of its name.
 */
export function describeRabbitmqCluster({ nodes, scope }: ClusterWish): ConfigFile[] {
  return nodes.flatMap((node) => [
    { path: `${node}/rabbitmq.conf`, text: writeRabbitmq({ node, nodes, scope }) },
    { path: `${node}/rabbitmq-env.conf`, text: writeEnvironment(node) },
    { path: `${node}/enabled_plugins`, text: '[rabbitmq_management,rabbitmq_prometheus].\n' },
    { path: `${node}/README.txt`, text: README },
  ])
}

function writeRabbitmq({ node, nodes, scope }: { node: string; nodes: readonly string[]; scope: string }): string {
  const members = nodes.map((name, i) => `cluster_formation.classic_config.nodes.${i + 1} = rabbit@${name}`)
  return `# ${node}: /etc/rabbitmq/rabbitmq.conf
listeners.tcp.1 = ${node}:5672
management.tcp.ip = ${node}
management.tcp.port = 15672
cluster_name = ${scope}
cluster_formation.peer_discovery_backend = classic_config
${members.join('\n')}
# A node that sees no majority stops serving, so that its clients go to one that does.
cluster_partition_handling = pause_minority
# Seconds of silence after which a node is down.
net_ticktime = 30
heartbeat = 10
vm_memory_high_watermark.relative = 0.5
# Below it publishers are stopped: RabbitMQ that runs out of disk loses what it was given.
disk_free_limit.relative = 1.0
loopback_users.guest = true
log.console = false
log.file.level = info
`
}

/** Names with dots need long names; the cookie is /var/lib/rabbitmq/.erlang.cookie, mode 0400, the same on each node. */
function writeEnvironment(node: string): string {
  return `NODENAME=rabbit@${node}
USE_LONGNAME=${node.includes('.')}
`
}

const README = `1. Install rabbitmq-server, stop it, copy these files to /etc/rabbitmq.
2. Put one secret into /var/lib/rabbitmq/.erlang.cookie on every node (owner rabbitmq, mode 0400).
3. Start every node; then, on one: rabbitmqctl cluster_status
4. rabbitmqctl delete_user guest; rabbitmqctl add_user NAME; rabbitmqctl set_permissions NAME '.*' '.*' '.*'
5. Clients declare quorum queues (x-queue-type: quorum) and wait for publisher confirms.
`
