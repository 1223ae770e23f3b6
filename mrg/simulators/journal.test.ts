import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openJournal } from './journal.ts'
import { newFolder } from './world.ts'

test('a line that was cut off by a crash is dropped, and the next one starts afresh', () => {
  const folder = newFolder()
  const read = () => {
    const lines: unknown[] = []
    const journal = openJournal({ folder, file: 'lines.jsonl', read: (line) => lines.push(line) })
    return { lines, journal }
  }
  read().journal.append({ n: 1 })
  appendFileSync(join(folder, 'lines.jsonl'), '{"n":2,"text":"caf')
  const second = read()
  expect(second.lines).toEqual([{ n: 1 }])
  second.journal.append({ n: 3 })
  expect(read().lines).toEqual([{ n: 1 }, { n: 3 }])
  expect(readFileSync(join(folder, 'lines.jsonl'), 'utf8')).toBe('{"n":1}\n{"n":3}\n')
})
