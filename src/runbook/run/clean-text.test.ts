import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText, hideSecrets } from './clean-text.ts'

describe('text of others', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007after', 'after'],
    ['\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001bPq#0;2;0;0;0\u001b\\x', 'x'],
    ['a\r\nb\rc', 'a\nb·c'],
    ['bell\u0007 null\u0000 back\bspace', 'bell· null· back·space'],
    ['right\u202eto left', 'right·to left'],
    ['\u009b31mred', '·31mred'],
    ['tab\tand\nline', 'tab\tand\nline'],
  ])('%j is shown as %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected)
  })

  it('never steers a terminal, whatever it holds, and is bounded', () =>
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '\u001b',
            '[',
            ']',
            '\u0007',
            '\\',
            '\u0090',
            'P',
            '0',
            'm',
            '\r',
            '\n',
            '\u202e',
            '😀',
            '\ud800',
          ),
        }),
        (text) => {
          const clean = cleanText(text, 20)
          expect(clean).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u)
          expect(clean.length).toBeLessThan(60)
        },
      ),
    ))

  it('megabytes are cut, and the end says so', () => {
    const clean = cleanText('x\u001b'.repeat(5_000_000), 1_000)
    expect(clean).toMatch(/… cut after 1000 characters$/)
    expect(clean.length).toBeLessThan(1_100)
  })
})

describe('secrets', () => {
  it('are hidden wherever they stand, the longest first', () => {
    const secrets = new Map([
      ['short', 'abc'],
      ['long', 'abcdef'],
      ['none', ''],
    ])
    expect(hideSecrets('abcdef abc xabcx', secrets)).toBe('‹long› ‹short› x‹short›x')
  })
})
