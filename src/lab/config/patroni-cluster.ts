import { BACKUP_TIMER, writeArchive, writeBackupUnit, writePgbackrest } from './pgbackrest.ts'
import { writeHaproxy, writePgbouncer } from './proxies.ts'
import { ETCD_UNIT, PATRONI_UNIT, SECRETS } from './units.ts'
import type { ClusterWish, ConfigFile } from './wish.ts'

/**
 * The configuration of PostgreSQL under Patroni on machines of its own: what the lab runs, with production's timing,
 * TLS left to the network, and no secret in any file. Pure. The files of a node are in a folder of its name.
 */
export function describePatroniCluster(wish: ClusterWish): ConfigFile[] {
  const ofNodes = wish.nodes.flatMap((node) => [
    { path: `${node}/patroni.yml`, text: writePatroni(node, wish) },
    { path: `${node}/etcd.conf.yml`, text: writeEtcd(node, wish) },
    { path: `${node}/patroni.service`, text: PATRONI_UNIT },
    { path: `${node}/etcd.service`, text: ETCD_UNIT },
    { path: `${node}/secrets.env.example`, text: SECRETS },
    { path: `${node}/pgbackrest.conf`, text: writePgbackrest(wish.scope) },
    { path: `${node}/archive.sh`, text: writeArchive(wish.scope) },
    { path: `${node}/backup.service`, text: writeBackupUnit(wish.scope, node) },
    { path: `${node}/backup.timer`, text: BACKUP_TIMER },
  ])
  const ofClients = [
    { path: 'haproxy.cfg', text: writeHaproxy(wish.nodes) },
    { path: 'pgbouncer.ini', text: writePgbouncer(wish.scope) },
  ]
  return [...ofNodes, ...ofClients]
}

function writePatroni(node: string, { nodes, scope, ttlS }: ClusterWish): string {
  const loopS = Math.floor(ttlS / 4)
  const others = nodes.filter((name) => name !== node)
  return `# ${node}: passwords come from the environment (secrets.env), see patroni.service.
scope: ${scope}
name: ${node}
restapi:
  listen: ${node}:8008
  connect_address: ${node}:8008
# With Patroni 3.0 the v2 interface; from 3.2 on etcd3 is as good.
etcd:
  # The one beside it first, in this order: otherwise each member picks one by lot, and who is cut off may take with it the
  # one that another member asks.
  use_proxies: true
  hosts: [${[node, ...others].map((name) => `"${name}:2379"`).join(', ')}]
bootstrap:
  dcs:
    # loop_wait + 2 x retry_timeout must not be more than ttl.
    ttl: ${ttlS}
    loop_wait: ${loopS}
    retry_timeout: ${loopS}
    maximum_lag_on_failover: 1048576
    # Nothing is acknowledged that a standby does not have. With one standby left writes go on; with none they wait.
    synchronous_mode: true
    synchronous_mode_strict: true
    failsafe_mode: true
    primary_start_timeout: 0
    postgresql:
      use_pg_rewind: true
      use_slots: false
      parameters:
        max_connections: 300
        wal_level: replica
        hot_standby: "on"
        wal_log_hints: "on"
        max_wal_senders: 10
        wal_keep_size: 2GB
        wal_receiver_timeout: 10s
        wal_sender_timeout: 10s
        # What is younger than this may be lost when every member is.
        archive_mode: "on"
        archive_timeout: 60s
        tcp_keepalives_idle: 5
        tcp_keepalives_interval: 1
        tcp_keepalives_count: 3
  initdb:
    - encoding: UTF8
    - data-checksums
  # What the new cluster begins with; from then on the list below is written to it.
  pg_hba: &pg_hba
    - local all postgres peer
    - host replication replicator samenet scram-sha-256
    - host all all samenet scram-sha-256
postgresql:
  listen: ${node}:5432
  connect_address: ${node}:5432
  data_dir: /var/lib/postgresql/15/${scope}
  bin_dir: /usr/lib/postgresql/15/bin
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  basebackup:
    - checkpoint: fast
  authentication:
    superuser: { username: postgres }
    replication: { username: replicator }
    rewind: { username: rewinder }
  parameters:
    password_encryption: scram-sha-256
    archive_command: sh /etc/patroni/archive.sh %p
  pg_hba: *pg_hba
# A machine that hangs with the lead is reset before its lease is over.
watchdog:
  mode: automatic
  device: /dev/watchdog
`
}

function writeEtcd(node: string, { nodes, scope }: ClusterWish): string {
  return `name: ${node}
data-dir: /var/lib/etcd/${scope}
listen-client-urls: http://${node}:2379
advertise-client-urls: http://${node}:2379
listen-peer-urls: http://${node}:2380
initial-advertise-peer-urls: http://${node}:2380
initial-cluster: ${nodes.map((name) => `${name}=http://${name}:2380`).join(',')}
initial-cluster-state: new
initial-cluster-token: ${scope}
enable-v2: true
logger: zap
`
}
