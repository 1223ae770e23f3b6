/** A cluster of RabbitMQ, by the addresses of its nodes. */
export interface RabbitmqAddress {
  /** `host:port` each. */
  readonly hosts: readonly string[]
  readonly username: string
  readonly password: string
}

/** Reads `amqp://user:password@host:port,host:port`; undefined when it is something else. */
export function readRabbitmqUrl(url: string): RabbitmqAddress | undefined {
  const [, username, password, list] = /^amqp:\/\/([^:@/]+):([^@/]+)@([^/?]+)\/?$/.exec(url) ?? []
  const hosts = list?.split(',') ?? []
  if (username === undefined || password === undefined || hosts.length === 0) return undefined
  if (!hosts.every((host) => /^[^:]+:\d+$/.test(host))) return undefined
  return { hosts, username: decodeURIComponent(username), password: decodeURIComponent(password) }
}
