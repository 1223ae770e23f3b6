import { expect, it } from 'vitest'
import { readRabbitmqUrl } from './rabbitmq-url.ts'

it.each([
  ['amqp://mrg:se%40cret@a:5672,b:5673', { hosts: ['a:5672', 'b:5673'], username: 'mrg', password: 'se@cret' }],
  ['amqp://mrg:secret@a:5672/', { hosts: ['a:5672'], username: 'mrg', password: 'secret' }],
  ['amqp://mrg:secret@a', undefined],
  ['amqp://a:5672', undefined],
  ['http://mrg:secret@a:5672', undefined],
])('%s names a cluster: %j', (url, expected) => {
  expect(readRabbitmqUrl(url)).toEqual(expected)
})
