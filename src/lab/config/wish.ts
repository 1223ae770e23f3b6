export interface ClusterWish {
  /** Names or addresses under which the nodes reach each other; three or another odd number. */
  readonly nodes: readonly string[]
  /** The name of the cluster in etcd. */
  readonly scope: string
  /** The lease of the leader in seconds; a third of it is what a loop and a retry may take. */
  readonly ttlS: number
}

export interface ConfigFile {
  readonly path: string
  readonly text: string
}

/** What is wrong with a wish; undefined when nothing. */
export function explainWish({ nodes, ttlS, scope }: ClusterWish): string | undefined {
  const wrong = [...nodes, scope].find((name) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(name))
  if (wrong !== undefined) return `"${wrong}" is not a name or address. Give names such as db-a,db-b,db-c.`
  if (new Set(nodes).size !== nodes.length) return 'A node is named twice. Name each once.'
  if (nodes.length < 3 || nodes.length % 2 === 0)
    return `${nodes.length} nodes have no majority when one fails as three have. Give three, or five.`
  if (!Number.isInteger(ttlS) || ttlS < 20)
    return 'The lease must be 20 s or more: a shorter one fails over for nothing.'
  return undefined
}
