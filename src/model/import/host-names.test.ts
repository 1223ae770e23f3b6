import { describe, expect, it } from 'vitest'
import { findHostNamesInCommand } from './command-hosts.ts'
import { findHostNames } from './host-names.ts'

describe('the host names that a variable refers to', () => {
  const cases: [string, string, string, string[]][] = [
    ['a URL with user, password, port and path', 'X', 'postgres://user:p@ss@db:5432/x', ['db']],
    ['a URL without port', 'X', 'http://api/v1?to=http', ['api']],
    ['a JDBC URL', 'X', 'jdbc:postgresql://db/x', ['db']],
    ['a JDBC URL with properties', 'X', 'jdbc:sqlserver://db:1433;database=x', ['db']],
    ['several hosts in one URL', 'X', 'mongodb://u:p@a:1,b:2/db', ['a', 'b']],
    ['several URLs', 'X', 'http://a:1,http://b:2', ['a', 'b']],
    ['a broker URL', 'X', 'amqp://guest@mq', ['mq']],
    ['host and port', 'X', 'redis:6379', ['redis']],
    ['a list of hosts and ports', 'X', 'es1:9200, es2:9200', ['es1', 'es2']],
    ['a Go connection string', 'X', 'user:pw@tcp(db:3306)/x', ['db']],
    ['a libpq connection string', 'X', 'host=db port=5432 dbname=x', ['db']],
    ['an ADO connection string', 'X', 'Server=tcp:db,1433;Database=x', ['db']],
    ['numbered nodes', 'X', '0:pg-0.pg:5432', ['pg-0.pg']],
    ['a bare word where the name says host', 'DB_HOST', 'db', ['db']],
    ['a bare word where the name says address', 'REDIS_ADDR', 'cache', ['cache']],
    ['a bare list where the name says seeds', 'ES_SEEDS', 'es1,es2', ['es1', 'es2']],
    ['a bare word after a qualifier', 'DB_HOST_READ', 'replica', ['replica']],
    ['a bare word in camel case', 'kafkaBrokers', 'kafka', ['kafka']],
    ['no bare word where the name says nothing', 'MODE', 'db', []],
    ['no database name', 'POSTGRES_DB', 'accounts-db', []],
    ['no image', 'SIDECAR_IMAGE', 'redis:6379', []],
    ['no time of day', 'START', '08:30', []],
    ['no part of a longer word', 'X', 'the-db-is-here', []],
    ['not who may call', 'ALLOWED_HOSTS', 'db,web', []],
    ['not where it listens', 'LISTEN_ADDR', 'web:80', []],
    ['not its own name', 'HOSTNAME', 'db', []],
    ['nothing in an empty value', 'DB_HOST', '', []],
  ]
  for (const [name, variable, value, wanted] of cases)
    it(`${name}: ${value}`, () => expect(findHostNames(variable, value)).toEqual(wanted))

  it('a long value is read only to a limit, and quickly', () =>
    expect(findHostNames('X', `${'a:'.repeat(1_000_000)}db:5432`)).toEqual([]))
})

describe('the host names that a command refers to', () => {
  const cases: [string, string[], string[]][] = [
    ['an address after an option', ['serve', '--upstream', 'api:8080'], ['api']],
    ['an option with its value', ['--redis-host=cache'], ['cache']],
    ['an option and its value', ['--redis-host', 'cache'], ['cache']],
    ['a URL inside a shell line', ['sh', '-c', 'wait && run --to http://api:80/x'], ['api']],
    ['no word that is a command', ['worker'], []],
    ['no value of an option that is no host', ['--mode', 'worker'], []],
  ]
  for (const [name, command, wanted] of cases)
    it(`${name}: ${command.join(' ')}`, () => expect(findHostNamesInCommand(command)).toEqual(wanted))
})
