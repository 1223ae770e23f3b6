/** A Redis with a replica, by the Sentinels that know which of the two is written to. */
export interface SentinelAddress {
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  /** What the Sentinels call it. */
  readonly name: string
}

/** Reads `sentinel://host:port,host:port/name`; undefined when it is something else. */
export function readSentinelUrl(url: string): SentinelAddress | undefined {
  const [, list = '', name] = /^sentinel:\/\/([^@/?]+)\/([\w-]+)$/.exec(url) ?? []
  if (name === undefined) return undefined
  const sentinels = list.split(',').flatMap((text) => {
    const [, host, port] = /^([^:]+):(\d+)$/.exec(text) ?? []
    return host === undefined ? [] : [{ host, port: Number(port) }]
  })
  return sentinels.length === list.split(',').length ? { sentinels, name } : undefined
}
