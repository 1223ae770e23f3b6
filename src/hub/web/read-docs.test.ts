import { expect, it } from 'vitest'
import { buildVault } from '../../vault/index.ts'
import { readDocs } from './read-docs.ts'

const docs = (pages: Record<string, string>) =>
  readDocs(buildVault({ texts: Object.entries(pages).map(([file, text]) => ({ file, text })) }))
const html = (text: string, others: Record<string, string> = {}) => docs({ 'a.md': text, ...others }).page('a.md')?.html

it.each([
  ['script tags', '<script>alert(1)</script>'],
  ['event handlers', '<img src=x onerror=alert(1)>'],
  ['script addresses', '[x](javascript:alert(1)) [[javascript:alert(1)|y]] [z](data:text/html,<script>)'],
  ['labels with markup', '[[b|<img src=x onerror=alert(1)>]]'],
  ['HTML in fences', '```html\n<script>alert(1)</script>\n```'],
])('a page cannot write markup of its own: %s', (_name, text) => {
  const written = html(text, { 'b.md': '' }) ?? ''
  expect(written).not.toMatch(/<script|<img|href="(javascript|data):/i)
})

it('links to other pages stay in the hub, by name, alias, heading and mount', () => {
  const written = html('[[Other]] and [[Other#Part two|there]] and [text](folder/Other.md)', {
    'folder/Other.md': '# Other\n## Part two',
  })
  expect(written).toContain('<a href="/docs?page=folder%2FOther.md">Other</a>')
  expect(written).toContain('<a href="/docs?page=folder%2FOther.md#part-two">there</a>')
  expect(written).toContain('<a href="/docs?page=folder%2FOther.md">text</a>')
})

it('a page is found by its path or by the name that the model gives a runbook', () => {
  const found = docs({ 'runbooks/RUNBOOK-Stock.md': '# When stock is down', 'b.md': '[[RUNBOOK-Stock]]' })
  expect(found.page('RUNBOOK-Stock')?.title).toBe('When stock is down')
  expect(found.page('runbooks/RUNBOOK-Stock.md')?.backlinks).toMatchObject([{ path: 'b.md', title: 'b' }])
  expect(found.page('../etc/passwd')).toBeUndefined()
  expect(found.page('')).toBeUndefined()
})

it('front matter and comments are not shown', () => {
  expect(html('---\ntags: [secret]\n---\n<!-- linchpin:flows -->\nText\n<!-- /linchpin -->')).toBe('<p>Text</p>\n')
})

it('search finds words by their beginning and with a typing error, under the heading they stand', () => {
  const found = docs({ 'a.md': '# Failover\n## Promote a standby\nAsk Patroni first.', 'b.md': '# Billing' })
  for (const words of ['patroni', 'patr', 'patrini', 'ptaroni', 'promote patroni'])
    expect(found.search(words)[0]).toMatchObject({ path: 'a.md', heading: 'Promote a standby' })
  expect(found.search('kafka')).toEqual([])
})
