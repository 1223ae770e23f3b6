import pg from 'pg'

/** Statements beyond these are parsed at every use: lists of changing length make ever new ones. */
const STATEMENTS_MAX = 300
/** PostgreSQL's `feature_not_supported`: here, that a prepared statement gives other columns since a migration. */
const CHANGED_COLUMNS = '0A000'

const names = new Map<string, string>()
let generation = 0

/**
 * A connection that has PostgreSQL keep the plan of each statement with parameters: parsing and planning it anew costs
 * more than running it. Statements are named alike on all connections.
 */
export class PreparedClient extends pg.Client {
  // `pg` has a dozen signatures for this; the pool and Kysely use two of them.
  override query(...args: never[]): never {
    const [statement, values] = args as unknown as [unknown, unknown]
    const run = super.query.bind(this) as (...args: unknown[]) => unknown
    if (typeof statement !== 'string' || !Array.isArray(values) || values.length === 0) return run(...args) as never
    const name = nameOf(statement)
    const result = run(name === undefined ? { text: statement } : { name, text: statement }, ...args.slice(1))
    if (result instanceof Promise) result.catch(forgetAfterChange)
    return result as never
  }
}

function nameOf(statement: string): string | undefined {
  const known = names.get(statement)
  if (known !== undefined || names.size >= STATEMENTS_MAX) return known
  const name = `s${generation}_${names.size}`
  names.set(statement, name)
  return name
}

/** The statement that failed is tried again by whoever needs it, under another name. */
function forgetAfterChange(error: { code?: string }): void {
  if (error.code !== CHANGED_COLUMNS) return
  generation++
  names.clear()
}
