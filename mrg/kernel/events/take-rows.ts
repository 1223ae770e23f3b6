import type pg from 'pg'

/**
 * Locks the rows that `select` finds, has `work` done with them, and runs the statement it gives, all in one transaction: what
 * ends in the middle has taken nothing. Gives how many there were. Two round trips, because this is done many times a second:
 * so both statements are whole texts, and nothing of an event may stand in them.
 */
export async function takeRows<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  select: string,
  work: (rows: Row[]) => Promise<string>,
): Promise<number> {
  const client = await pool.connect()
  let isBroken = false
  try {
    const [, { rows }] = (await client.query(`begin; ${select}`)) as unknown as [unknown, pg.QueryResult<Row>]
    const end = rows.length > 0 ? await work(rows) : ''
    await client.query(`${end}; commit`)
    return rows.length
  } catch (error) {
    isBroken = true
    throw error
  } finally {
    client.release(isBroken)
  }
}

/** Ids as the literal of an array. */
export function listOf(rows: readonly { readonly id: number }[]): string {
  return `'{${rows.map(({ id }) => id).join()}}'`
}
