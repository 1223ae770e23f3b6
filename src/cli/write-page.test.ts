import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { replacePage } from './write-page.ts'

let folder = ''
let vault = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linchpin-page-'))
  vault = join(folder, 'vault')
  mkdirSync(vault)
  writeFileSync(join(folder, 'outside.md'), 'old')
  writeFileSync(join(vault, 'a.md'), 'old')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const change = { before: 'old', after: 'new' }
const read = (path: string) => readFileSync(join(folder, path), 'utf8')

it('a page is replaced whole, with the rights it had, and nothing is left beside it', () => {
  chmodSync(join(vault, 'a.md'), 0o640)
  replacePage(vault, 'a.md', change)
  expect(read('vault/a.md')).toBe('new')
  expect(statSync(join(vault, 'a.md')).mode & 0o777).toBe(0o640)
  expect(readdirSync(vault)).toEqual(['a.md'])
})

it('a page that somebody else changed meanwhile is left as it is', () => {
  writeFileSync(join(vault, 'a.md'), 'theirs')
  expect(() => replacePage(vault, 'a.md', change)).toThrow(/changed by someone else/)
  expect([read('vault/a.md'), readdirSync(vault)]).toEqual(['theirs', ['a.md']])
})

it('a page that has become a link out of the vault is left as it is, and so is what it leads to', () => {
  rmSync(join(vault, 'a.md'))
  symlinkSync(join(folder, 'outside.md'), join(vault, 'a.md'))
  expect(() => replacePage(vault, 'a.md', change)).toThrow(/symbolic link/)
  expect(read('outside.md')).toBe('old')
})

it('a page behind a folder that leads out of the vault is left as it is', () => {
  symlinkSync(folder, join(vault, 'out'))
  expect(() => replacePage(vault, 'out/outside.md', change)).toThrow(/symbolic link/)
  expect(read('outside.md')).toBe('old')
})
