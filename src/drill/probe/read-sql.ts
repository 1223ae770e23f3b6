/** The first column of the first row of a query, over a connection of its own. */
export async function readSql(
  query: string,
  { url, withinMs }: { url: string; withinMs: number },
): Promise<number | string> {
  // Only drills with such a probe pay for loading it.
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: withinMs,
    query_timeout: withinMs,
    statement_timeout: withinMs,
  })
  // A connection that breaks while it is closed has answered already.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<unknown[]>({ text: query, rowMode: 'array' })
    const value = rows[0]?.[0]
    if (value === undefined || value === null) throw new Error('the query has no row, or its value is NULL')
    const text = value instanceof Date ? value.toISOString() : String(value)
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  } finally {
    await client.end().catch(() => undefined)
  }
}
