/** Where a member's WAL and backups go: beside nothing of the cluster, or a lost cluster takes its backups along. */
export function writePgbackrest(scope: string): string {
  return `# The repository is a path on another machine, mounted here, or replace it by repo1-type=s3 and its bucket.
[global]
repo1-path=/mnt/backup/pgbackrest
repo1-retention-full=2
repo1-retention-archive-type=full
compress-type=lz4
start-fast=y
archive-timeout=60
process-max=2
log-level-file=off
log-level-console=warn

[${scope}]
pg1-path=/var/lib/postgresql/15/${scope}
pg1-port=5432
pg1-user=postgres
`
}

/**
 * PostgreSQL's archive command. A member that once led and was rewound may hand in a file of a timeline that ended, of
 * which the archive has another one: refused for ever, it would keep all WAL after it out of the archive.
 */
export function writeArchive(scope: string): string {
  return `#!/bin/sh
# /etc/patroni/archive.sh FILE
aside=/var/lib/postgresql/15/archived-aside
pgbackrest --stanza=${scope} archive-push "$1" && exit 0
code=$?
[ $code -eq 45 ] || exit $code # 45: the archive has another file of that name
timeline=$(basename "$1" | cut -c1-8)
newest=$(ls pg_wal | sed -n 's/^\\([0-9A-F]\\{8\\}\\)\\.history$/\\1/p' | sort | tail -n 1)
expr "$newest" \\> "$timeline" >/dev/null || exit $code
# Of a timeline that ended: kept aside, to be looked at and deleted by people.
mkdir -p $aside && cp "$1" $aside/ && sync "$aside/$(basename "$1")" $aside
`
}

/** On each node; only the leader's has something to do: `patroni.yml` of the node says when it is. */
export function writeBackupUnit(scope: string, node: string): string {
  return `[Unit]
Description=A backup of the database, if this node leads
After=patroni.service

[Service]
Type=oneshot
User=postgres
Group=postgres
# It answers 200 only where the leader is.
ExecCondition=/usr/bin/curl --fail --silent --max-time 2 --output /dev/null http://${node}:8008/primary
ExecStart=/usr/bin/pgbackrest --stanza=${scope} stanza-create
# Without a full one before it, this makes a full one.
ExecStart=/usr/bin/pgbackrest --stanza=${scope} --type=diff backup
`
}

export const BACKUP_TIMER = `[Unit]
Description=A backup of the database each night

[Timer]
OnCalendar=*-*-* 02:00:00
RandomizedDelaySec=5m
Persistent=true

[Install]
WantedBy=timers.target
`
