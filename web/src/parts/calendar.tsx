import { Text } from '@mantine/core'
import type { Expiry } from '../../../src/hub/index.ts'
import { useWords } from '../words.ts'
import { Link, Section } from './shown.tsx'

/** What stops counting in which week, and the drill that renews it. */
export function Calendar({ expiries }: { expiries: readonly Expiry[] }) {
  const words = useWords()
  if (expiries.length === 0) return <Text>{words.noExpiry}</Text>
  return [...new Set(expiries.map(({ week }) => week))].map((week) => (
    <Section key={week} title={`${words.week} ${week}`}>
      <table className="rows">
        <tbody>
          {expiries
            .filter((expiry) => expiry.week === week)
            .map((expiry) => (
              <Row key={`${expiry.expiresAt} ${expiry.drill}`} expiry={expiry} />
            ))}
        </tbody>
      </table>
    </Section>
  ))
}

function Row({ expiry: { expiresAt, drill, claims } }: { expiry: Expiry }) {
  const words = useWords()
  return (
    <tr>
      <td>
        <Text size="sm">{expiresAt.slice(0, 10)}</Text>
      </td>
      <td>
        <Text size="sm">
          {drill === undefined ? (
            words.noDrillRenews
          ) : (
            <>
              {words.renews} <Link to={`/drills?drill=${drill}`}>{drill}</Link>
            </>
          )}
        </Text>
      </td>
      <td>
        {claims.map((claim) => (
          <Text key={claim} size="xs">
            <Link to={`/evidence?claim=${encodeURIComponent(claim)}`}>{claim}</Link>
          </Text>
        ))}
      </td>
    </tr>
  )
}
