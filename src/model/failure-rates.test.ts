import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { formatDuration } from '../source/index.ts'
import { defaultFailures } from './failure-rates.ts'
import { KINDS } from './schema.ts'

it('the assumed rates are those of docs/theory/failure-rates.md', () => {
  const page = readFileSync(new URL('../../docs/theory/failure-rates.md', import.meta.url), 'utf8')
  const documented = page.split('\n').filter((line) => KINDS.some((kind) => line.startsWith(`| ${kind} |`)))
  const computed = KINDS.map((kind) => {
    const { crash, hang, deployment } = defaultFailures(kind)
    const cells = [crash, hang, deployment].map((rate) =>
      rate ? `${rate.perYear} | ${formatDuration(rate.repairMs)}` : ' | ',
    )
    return `| ${kind} | ${cells.join(' | ')} |`.replaceAll(/ +/g, ' ')
  })
  expect(documented.map((line) => line.split('|').slice(0, 8).join('|').concat('|').replaceAll(/ +/g, ' '))).toEqual(
    computed,
  )
})
