import { expect, it } from 'vitest'
import { readSentinelUrl } from './sentinel-url.ts'

it.each([
  [
    'sentinel://a:26379,b:26380/mrg',
    {
      sentinels: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 26380 },
      ],
      name: 'mrg',
    },
  ],
  ['sentinel://a:26379,b/mrg', undefined],
  ['sentinel://a:26379', undefined],
  ['redis://a:6379', undefined],
])('%s names a Redis: %j', (url, expected) => {
  expect(readSentinelUrl(url)).toEqual(expected)
})
