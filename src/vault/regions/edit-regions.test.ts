import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../../source/index.ts'
import { editRegions, readPage } from '../index.ts'

const WRITERS = { one: () => '| a |\n| --- |', two: () => 'second', echo: (before: string) => before || 'first' }
const edit = (text: string, writers: Record<string, (before: string) => string> = WRITERS) =>
  editRegions(readPage('a.md', text), writers)
const complaints = (text: string) => edit(text).problems.map(formatProblem)

describe('a region', () => {
  it('is written between its marks, with empty lines around it', () => {
    expect(edit('x\n<!-- linchpin:one -->\nold\n<!-- /linchpin -->\ny').text).toBe(
      'x\n<!-- linchpin:one -->\n\n| a |\n| --- |\n\n<!-- /linchpin -->\ny',
    )
  })

  it('keeps the line ends of its page', () => {
    const { text } = edit('<!-- linchpin:two -->\r\n<!-- /linchpin -->')
    expect(text).toBe('<!-- linchpin:two -->\r\n\r\nsecond\r\n\r\n<!-- /linchpin -->')
  })

  it('is given what stands in it', () => {
    expect(edit('<!-- linchpin:echo -->\nmine\n<!-- /linchpin -->\n').text).toContain('\n\nmine\n\n')
  })

  it('in a fence is text', () => {
    const text = '```\n<!-- linchpin:one -->\n<!-- /linchpin -->\n```\n'
    expect(edit(text)).toEqual({ text, changed: [], problems: [] })
  })

  it('cannot be ended by what is written in it', () => {
    const hostile = { one: () => 'a\n<!-- /linchpin -->\nb' }
    const once = edit('<!-- linchpin:one -->\n<!-- /linchpin -->\n', hostile).text
    expect(edit(once, hostile).text).toBe(once)
  })
})

describe('marks that are wrong are found, and their region is left as it is', () => {
  it.each([
    [
      '<!-- linchpin:on -->\n<!-- /linchpin -->',
      'a.md:1:1 There is no region "on". Did you mean "one"? Correct the name.',
    ],
    [
      'x\n<!-- linchpin:one -->\nold',
      'a.md:2:1 The region "one" is not closed. Write <!-- /linchpin --> on the line after it.',
    ],
    [
      '<!-- /linchpin -->',
      'a.md:1:1 Nothing is open that <!-- /linchpin --> could close. Remove it, or add its opening mark.',
    ],
    [
      '<!-- linchpin:one -->\n<!-- linchpin:two -->\n<!-- /linchpin -->',
      'a.md:2:1 The region "two" starts within "one". Close that with <!-- /linchpin --> first.',
    ],
    [
      '- x\n\n  <!-- linchpin:one -->\n  <!-- /linchpin -->',
      'a.md:3:3 The region "one" is indented. Start its marks at the beginning of a line.',
    ],
  ])('%j', (text, expected) => {
    expect(complaints(text)).toEqual([expected])
    expect(edit(text).text).toBe(text)
  })
})

it('a text that would keep a region open is not written', () => {
  const text = '<!-- linchpin:one -->\n<!-- /linchpin -->\n'
  const edited = edit(text, { one: () => '```\nnever closed' })
  expect([edited.text, edited.changed]).toEqual([text, []])
  expect(edited.problems.map(formatProblem)).toEqual([
    'a.md:1:1 The region "one" would not end: what is written into it leaves a fence or a comment open. Close it there.',
  ])
})

it('bytes outside regions never change, and writing twice changes nothing more', () => {
  const lineEnd = fc.constantFrom('\n', '\r\n')
  const line = fc.constantFrom(
    'text',
    '',
    '# H',
    '```',
    '~~~',
    '> q',
    '- item',
    '---',
    '<!-- linchpin:one -->',
    '<!-- linchpin:two -->',
    '<!-- linchpin:echo -->',
    '<!-- /linchpin -->',
    '<!-- linchpin:bad -->',
    '  <!-- linchpin:one -->',
    '<!--',
    '-->',
    '<div>',
    '[[a]]',
    '\u0000',
    'é😀',
  )
  const page = fc.tuple(fc.array(line, { maxLength: 14 }), lineEnd, fc.boolean())
  fc.assert(
    fc.property(page, ([lines, end, isEnded]) => {
      const text = lines.join(end) + (isEnded ? end : '')
      const once = edit(text)
      const outside = (whole: string) => {
        const { regions } = regionsOf(whole)
        const cuts = regions.flatMap(({ opening, closing }) => [opening.end, closing.start])
        return [0, ...cuts].flatMap((from, i) => (i % 2 === 0 ? [whole.slice(from, cuts[i] ?? whole.length)] : []))
      }
      expect(outside(once.text)).toEqual(outside(text))
      expect(edit(once.text).text).toBe(once.text)
    }),
    { numRuns: 500 },
  )
})

/** The regions that editing finds, by a writer that changes nothing. */
function regionsOf(text: string) {
  const marked: Record<string, (before: string) => string> = {
    one: () => '\u0001',
    two: () => '\u0001',
    echo: () => '\u0001',
  }
  return { regions: edit(text, marked).changed }
}
