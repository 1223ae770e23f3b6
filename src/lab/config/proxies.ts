/** For clients that have no router of their own: port 5000 leads to the leader, 5001 to standbys. */
export function writeHaproxy(nodes: readonly string[]): string {
  const servers = nodes.map((node) => `  server ${node} ${node}:5432 check port 8008`).join('\n')
  const listen = (name: string, port: number, path: string) => `
listen ${name}
  bind *:${port}
  option httpchk OPTIONS ${path}
  http-check expect status 200
  # Connections to a server that no longer answers for this end, or their clients would wait for a dead one.
  default-server inter 1s fastinter 250ms downinter 250ms fall 2 rise 1 on-marked-down shutdown-sessions
${servers}
`
  return `global
  maxconn 1000

defaults
  mode tcp
  timeout connect 1s
  timeout client 30m
  timeout server 30m
  timeout check 1s
  retries 1
${listen('leader', 5000, '/primary')}${listen('standbys', 5001, '/replica?lag=1MB')}`
}

/** Beside each client, in front of HAProxy on the same machine. Session pooling: LISTEN and advisory locks need it. */
export function writePgbouncer(scope: string): string {
  return `[databases]
; what writes, or must read what it wrote
${scope} = host=127.0.0.1 port=5000 dbname=${scope}
; what may read a moment ago
${scope}_read = host=127.0.0.1 port=5001 dbname=${scope}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6432
auth_type = scram-sha-256
auth_file = /etc/pgbouncer/userlist.txt
pool_mode = session
max_client_conn = 500
default_pool_size = 40
server_connect_timeout = 2
server_login_retry = 1
query_wait_timeout = 10
`
}
