import { describe, expect, it } from 'vitest'
import { type Expectation, judge, parseExpectation, parseSelector, type Selector, select } from './expectation.ts'

const holds = (written: string, output: string) => judge(parseExpectation(written) as Expectation, output).holds

describe('an expectation', () => {
  it.each([
    ['ready', 'it is ready', true],
    ['ready', 'it is not', false],
    ['$5', 'costs $5', true],
    ['/^depth (\\d+)$/', 'a\ndepth 3\nb', true],
    ['/READY/i', 'ready', true],
    ['$.state', '{"state":null}', true],
    ['$.state', '{}', false],
    ['$.state == "up"', '{"state":"up"}', true],
    ['$.state != up', '{"state":"down"}', true],
    ['$.n >= 10', '{"n":"9"}', false],
    ['$.n >= 10', '{"n":"100"}', true],
    ['$.n > 1', '{"n":"many"}', false],
    ['$[*].ok == true', '[{"ok":true},{"ok":true}]', true],
    ['$[*].ok == true', '[{"ok":true},{"ok":false}]', false],
    ['$[-1].id == 2', '[{"id":1},{"id":2}]', true],
    ['$["a b"][\'c\'] == 1', '{"a b":{"c":1}}', true],
    ['$.a == 1', 'not JSON', false],
    ['$.length == 2', '[1,2]', false],
    ['$.__proto__', '{}', false],
  ])('%s of %j holds: %s', (written, output, expected) => {
    expect(holds(written, output)).toBe(expected)
  })
})

describe('a selector', () => {
  it.each([
    ['/n=(\\d+)/', 'a n=42', '42'],
    ['/n=\\d+/', 'a n=42', 'n=42'],
    ['$.a[0]', '{"a":[{"b":1}]}', '{"b":1}'],
    ['$.a', '{"a":"text"}', 'text'],
    ['$.b', '{"a":"text"}', undefined],
  ])('%s of %j is %j', (written, output, expected) => {
    expect(select(parseSelector(written) as Selector, output)).toBe(expected)
  })
})
