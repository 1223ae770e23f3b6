import { Text } from '@mantine/core'
import type { KeptTrial } from '../../../src/hub/index.ts'
import { duration, percent } from '../say.ts'
import { useWords, type Words } from '../words.ts'
import { Section } from './shown.tsx'

/** What people ask for first. */
const LEADING = ['rtoMs', 'lossMs', 'lost', 'servedShare', 'degradedShare', 'errors', 'requests']

/** The median of the trials of each run, and what changed from the first to the second. */
export function FiguresSideBySide(props: { first: readonly KeptTrial[]; second: readonly KeptTrial[] }) {
  const words = useWords()
  const { first, second } = props
  const names = [...first, ...second].flatMap(({ figures }) => Object.keys(figures))
  const rest = [...new Set(names)].filter((name) => !LEADING.includes(name)).sort()
  const rows = [...LEADING.filter((name) => names.includes(name)), ...rest]
  if (rows.length === 0) return <Text size="sm">{words.noFigures}</Text>
  return (
    <Section title={`${words.figure}: ${words.medianOf} ${first.length} / ${second.length}`}>
      <table className="rows">
        <thead>
          <tr>
            {[words.figure, words.first, words.second, words.difference].map((title) => (
              <th key={title}>
                <Text size="xs">{title}</Text>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((name) => (
            <Row key={name} name={name} a={medianOf(first, name)} b={medianOf(second, name)} />
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Row({ name, a, b }: { name: string; a: number | undefined; b: number | undefined }) {
  const words = useWords()
  const change =
    a === undefined || b === undefined || a === b ? '–' : `${b > a ? '+' : '−'}${say(name, Math.abs(b - a))}`
  return (
    <tr>
      <td>
        <Text size="sm">{nameOf(name, words)}</Text>
      </td>
      {[say(name, a), say(name, b), change].map((text, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move.
        <td key={i}>
          <Text size="sm">{text}</Text>
        </td>
      ))}
    </tr>
  )
}

function nameOf(name: string, words: Words): string {
  const known: Readonly<Record<string, string>> = words
  return known[name] ?? name
}

function medianOf(trials: readonly KeptTrial[], name: string): number | undefined {
  const values = trials.flatMap(({ figures }) => figures[name] ?? []).sort((a, b) => a - b)
  return values[Math.floor((values.length - 1) / 2)]
}

function say(name: string, value: number | undefined): string {
  if (value === undefined) return '–'
  if (name.endsWith('Ms')) return value === 0 ? '0 s' : duration(value)
  if (name.endsWith('Share')) return percent(value)
  return String(Math.round(value * 100) / 100)
}
