import { describe, expect, it } from 'vitest'
import { mergeLocated, positionOf } from './located.ts'
import { readYaml } from './yaml.ts'

const read = (text: string) => readYaml({ file: 'a.yaml', text })
const complaints = (text: string) =>
  read(text).problems.map(({ where, message }) => `${where.line}:${where.column} ${message}`)

describe('reading YAML', () => {
  it('gives plain data that knows where each key stands', () => {
    const [value] = read('a:\n  b: [1, { c: 2 }]\n').values
    expect(value).toEqual({ a: { b: [1, { c: 2 }] } })
    expect(positionOf(value, ['a', 'b'])).toEqual({ file: 'a.yaml', line: 2, column: 3 })
    expect(positionOf(value, ['a', 'b', 1, 'c'])).toEqual({ file: 'a.yaml', line: 2, column: 12 })
  })

  it('gives the nearest known position of what is missing', () => {
    const [value] = read('a:\n  b: 1\n').values
    expect(positionOf(value, ['a', 'nothing', 'here'])?.line).toBe(1)
  })

  it('follows aliases and merge keys; keys written out win over merged ones', () => {
    const [value] = read('base: &base { x: 1, y: 2 }\nuse: { <<: *base, y: 3 }\nagain: *base\n').values
    expect(value).toEqual({ base: { x: 1, y: 2 }, use: { x: 1, y: 3 }, again: { x: 1, y: 2 } })
  })

  it('reads each document of a file', () => {
    expect(read('a: 1\n---\nb: 2\n').values).toEqual([{ a: 1 }, { b: 2 }])
  })

  it('reports a key written twice with both places, and keeps the first value', () => {
    expect(complaints('a: 1\nb: 2\na: 3\n')).toEqual([
      '3:1 "a" is written twice in the same block; the first is on line 1. Keep one.',
    ])
    expect(read('a: 1\na: 3\n').values).toEqual([{ a: 1 }])
  })

  it('reports broken syntax where it breaks', () => {
    const [complaint] = complaints('a: [1,\nb: 2\n')
    expect(complaint).toMatch(/^2:1 .* Correct the YAML here\.$/)
  })

  it('does not let a key named __proto__ reach the prototype', () => {
    const [value] = read('__proto__: { isBad: true }\n').values
    expect((value as Record<string, unknown>).isBad).toBeUndefined()
  })
})

describe('a hostile file ends in one clear problem', () => {
  const cases: [string, string, RegExp][] = [
    ['binary', 'a: \0\0', /binary/],
    ['too large', 'a'.repeat(4_000_001), /larger than 4 MB/],
    ['too many tokens', `[${'1,'.repeat(300_000)}]`, /200000 YAML tokens/],
    ['deep flow nesting', '['.repeat(5_000), /100 levels/],
    ['deep block nesting', Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /100 levels/],
    ['deep sequences on one line', `${'- '.repeat(200)}a`, /100 levels/],
    ['an alias without anchor', 'a: *nothing', /anchor/],
  ]
  for (const [name, text, message] of cases)
    it(name, () => {
      const problems = complaints(text)
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatch(message)
    })

  it('aliases that expand to billions', () => {
    const lines = ['l0: &l0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 10; i++)
      lines.push(
        `l${i}: &l${i} [${Array(10)
          .fill(`*l${i - 1}`)
          .join(', ')}]`,
      )
    expect(complaints(lines.join('\n'))).toEqual([expect.stringMatching(/expand too far/)])
  })
})

describe('merging', () => {
  it('overrides key by key, removes with null, and keeps the position of whoever wins', () => {
    const base = readYaml({ file: 'base.yaml', text: 'a: { x: 1, y: 2, z: 3 }' }).values[0]
    const changes = readYaml({ file: 'changes.yaml', text: 'a: { y: 5, z: null, w: 6 }' }).values[0]
    const merged = mergeLocated(base, changes)
    expect(merged).toEqual({ a: { x: 1, y: 5, w: 6 } })
    expect(positionOf(merged, ['a', 'x'])?.file).toBe('base.yaml')
    expect(positionOf(merged, ['a', 'y'])?.file).toBe('changes.yaml')
    expect(base).toEqual({ a: { x: 1, y: 2, z: 3 } })
  })
})
