import { expect, it } from 'vitest'
import { readDatabaseUrl } from './database-url.ts'

it('one server is one server', () => {
  const url = 'postgres://postgres@127.0.0.1:7432/mrg'
  expect(readDatabaseUrl(url)).toEqual({ kind: 'single', url })
})

it('each server of a cluster has the address where it is asked whether it leads', () => {
  expect(readDatabaseUrl('postgres://mrg:p%40ss@a:1,b:2/db?leader=a:8,b:9')).toEqual({
    kind: 'cluster',
    members: [
      { host: 'a', port: 1, keeper: 'http://a:8' },
      { host: 'b', port: 2, keeper: 'http://b:9' },
    ],
    user: 'mrg',
    password: 'p@ss',
    database: 'db',
  })
})

it.each([
  'http://a/db',
  'postgres://mrg:x@a:1,b:2/db',
  'postgres://mrg:x@a:1,b:2/db?leader=a:8',
  'postgres://mrg:x@a,b/db?leader=a:8,b:9',
])('%s is no address of a database', (url) => {
  expect(readDatabaseUrl(url)).toBeUndefined()
})
