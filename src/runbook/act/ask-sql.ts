import type { Operation } from '../format/operation.ts'
import type { Outcome } from '../run/runner.ts'
import type { Asking } from './ask-http.ts'
import { failed } from './run-process.ts'

const ROWS_MAX = 1_000

/**
 * One transaction, which may only read unless the block is dangerous; the database itself keeps the time limit. The
 * output is a JSON list of rows, one a line.
 */
export async function askSql(operation: Operation & { kind: 'sql' }, { timeoutMs, signal }: Asking): Promise<Outcome> {
  // Loaded when it is first needed: most runs ask no database.
  const { Client } = (await import('pg')).default
  const client = new Client({
    connectionString: operation.to,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  })
  const end = () => client.end().catch(() => undefined)
  // A connection that breaks is told by the query; without a listener it would end the process.
  client.on('error', () => undefined)
  signal.addEventListener('abort', end, { once: true })
  try {
    await client.connect()
    await client.query(operation.isReadOnly ? 'begin read only' : 'begin')
    await client.query(`set local statement_timeout = ${Math.ceil(timeoutMs)}`)
    // The extended protocol takes one statement: none can end the transaction and go on outside it.
    const query = { text: operation.query, values: [...operation.values], queryMode: 'extended' }
    const { rows, rowCount } = await client.query(query)
    await client.query('commit')
    return { status: undefined, output: writeRows(rows, rowCount ?? 0), errors: '', failure: undefined }
  } catch (error) {
    return failed(
      `the database says: ${error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error)}`,
    )
  } finally {
    signal.removeEventListener('abort', end)
    await end()
  }
}

function writeRows(rows: readonly unknown[], count: number): string {
  if (rows.length === 0 && count > 0) return JSON.stringify([{ changed: count }])
  return `[${rows
    .slice(0, ROWS_MAX)
    .map((row) => JSON.stringify(row))
    .join(',\n')}]`
}
