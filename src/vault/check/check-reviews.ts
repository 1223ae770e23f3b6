import { positionOf } from '../../source/index.ts'
import type { Page } from '../page/page.ts'
import type { VaultFinding } from './finding.ts'

const MONTHS: Readonly<Record<string, number>> = { monthly: 1, quarterly: 3, yearly: 12 }

/** Whether a page that says how often it is reviewed was, by `today` (`2026-11-25`). Being late is a warning. */
export function checkReview({ frontMatter, path }: Page, today: string): VaultFinding[] {
  const { review, reviewed } = frontMatter?.value ?? {}
  if (review === undefined && reviewed === undefined) return []
  const where = (key: string) => positionOf(frontMatter?.value, [key]) ?? { file: path, line: 1, column: 1 }
  const wrong = (key: string, message: string): VaultFinding[] => [
    { kind: 'review', severity: 'error', where: where(key), message },
  ]
  const months = Object.hasOwn(MONTHS, String(review)) ? MONTHS[String(review)] : undefined
  if (months === undefined) return wrong('review', 'review must be monthly, quarterly or yearly. Correct it.')
  if (!isDay(reviewed))
    return wrong(
      reviewed === undefined ? 'review' : 'reviewed',
      'reviewed must be the day of the last review, such as 2026-01-08. Add it.',
    )
  const due = addMonths(reviewed, months)
  if (today <= due) return []
  const message = `The ${review} review was due on ${due}; the last was on ${reviewed}. Review the page, then change reviewed.`
  return [{ kind: 'review-overdue', severity: 'warning', where: where('reviewed'), message }]
}

function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false
  const day = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)
}

/** The same day some months later, or the last of that month. */
function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10)
}
