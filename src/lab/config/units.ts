/** systemd units, the same on each node, and the example of the one file with secrets. */
export const PATRONI_UNIT = `[Unit]
Description=PostgreSQL under Patroni
After=network-online.target etcd.service
Wants=network-online.target

[Service]
User=postgres
Group=postgres
# PATRONI_SUPERUSER_PASSWORD, PATRONI_REPLICATION_PASSWORD, PATRONI_REWIND_PASSWORD; mode 0600
EnvironmentFile=/etc/patroni/secrets.env
ExecStart=/usr/bin/patroni /etc/patroni/patroni.yml
ExecReload=/bin/kill -HUP $MAINPID
# Only Patroni is told; it stops PostgreSQL itself, with a checkpoint.
KillMode=process
TimeoutStopSec=60
Restart=on-failure

[Install]
WantedBy=multi-user.target
`

export const ETCD_UNIT = `[Unit]
Description=etcd, where it is written down who leads
After=network-online.target
Wants=network-online.target

[Service]
User=etcd
Type=notify
ExecStart=/usr/bin/etcd --config-file /etc/etcd/etcd.conf.yml
# It writes little and must not wait long: a slow disk costs elections.
IOSchedulingClass=best-effort
IOSchedulingPriority=0
LimitNOFILE=65536
Restart=always

[Install]
WantedBy=multi-user.target
`

export const SECRETS = `# Copy to /etc/patroni/secrets.env, owner postgres, mode 0600, with passwords of your own.
PATRONI_SUPERUSER_PASSWORD=
PATRONI_REPLICATION_PASSWORD=
PATRONI_REWIND_PASSWORD=
`
