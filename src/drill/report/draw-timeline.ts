import type { DrillResult, Look, TrialResult } from '../run/result.ts'
import { type Bucket, bucketsOf } from './timeline.ts'

const WIDTH = 960
const LEFT = 150
const RIGHT = 16
const ROW = 74
const PROBE_ROW = 40
const COLOUR = { ok: '#3a7d44', degraded: '#c98a1b', failed: '#b3362b', fault: '#b3362b', line: '#5b6573' }

/**
 * One trial as a picture: a band for each load (how its requests ended, and the longest wait), a line for each probe,
 * and the time the faults held, shaded. Self-contained SVG text in the colours of its page.
 */
export function drawTimeline(trial: TrialResult, drill: Pick<DrillResult, 'title'>): string {
  const loads = Object.keys(trial.broken)
  const probes = Object.entries(trial.looks).filter(([, looks]) => looks.length > 1)
  const height = 34 + loads.length * ROW + probes.length * PROBE_ROW + 22
  const endMs = Math.max(1_000, trial.samples.at(-1)?.atMs ?? 0, ...probes.map(([, looks]) => looks.at(-1)?.atMs ?? 0))
  const x = (ms: number) => LEFT + (Math.min(ms, endMs) / endMs) * (WIDTH - LEFT - RIGHT)
  const rows = [
    ...loads.map((load, i) => drawLoad(load, bucketsOf(trial, load), { x, top: 30 + i * ROW })),
    ...probes.map(([name, looks], i) => drawProbe(name, looks, { x, top: 30 + loads.length * ROW + i * PROBE_ROW })),
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, sans-serif" font-size="11">`,
    `<title>${escapeXml(`${drill.title}: trial ${trial.n}`)}</title>`,
    drawFault(trial, { x, height }),
    ...rows,
    drawAxis(endMs, { x, top: height - 18 }),
    '</svg>',
  ].join('\n')
}

interface Place {
  readonly x: (ms: number) => number
  readonly top: number
}

function drawLoad(load: string, buckets: readonly Bucket[], { x, top }: Place): string {
  const base = top + 44
  const tallest = Math.max(1, ...buckets.map(({ ok, degraded, failed }) => ok + degraded + failed))
  const slowest = Math.max(1, ...buckets.map(({ slowestMs }) => slowestMs ?? 0))
  const bars = buckets.map((bucket) => {
    let y = base
    const width = Math.max(0.5, x(bucket.atMs + 100) - x(bucket.atMs))
    return (['ok', 'degraded', 'failed'] as const)
      .filter((outcome) => bucket[outcome] > 0)
      .map((outcome) => {
        const tall = (bucket[outcome] / tallest) * 40
        y -= tall
        return `<rect x="${n(x(bucket.atMs))}" y="${n(y)}" width="${n(width)}" height="${n(tall)}" fill="${COLOUR[outcome]}"/>`
      })
      .join('')
  })
  const points = buckets
    .filter(({ slowestMs }) => slowestMs !== undefined)
    .map(({ atMs, slowestMs = 0 }) => `${n(x(atMs))},${n(base + 22 - (slowestMs / slowest) * 18)}`)
  return [
    label(load, top + 18),
    note('requests', top + 32),
    ...bars,
    `<polyline fill="none" stroke="currentColor" stroke-width="1" points="${points.join(' ')}"/>`,
    note(`longest wait, up to ${Math.round(slowest)} ms`, base + 18),
  ].join('\n')
}

function drawProbe(name: string, looks: readonly Look[], { x, top }: Place): string {
  const known = looks.filter(({ value }) => value !== undefined)
  const isNumber = known.every(({ value }) => typeof value === 'number')
  const texts = [...new Set(known.map(({ value }) => String(value)))]
  const rank = (value: Look['value']) => (isNumber ? Number(value) : texts.indexOf(String(value)))
  const values = known.map(({ value }) => rank(value))
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const y = (value: number) => top + 30 - (high === low ? 0.5 : (value - low) / (high - low)) * 24
  const points = known.flatMap(({ atMs, value }, i) => {
    const before = known[i - 1]
    const step = before ? [`${n(x(atMs))},${n(y(rank(before.value)))}`] : []
    return [...step, `${n(x(atMs))},${n(y(rank(value)))}`]
  })
  const range =
    known.length === 0 ? 'no value' : isNumber ? (low === high ? `${low}` : `${low} to ${high}`) : texts.join(', ')
  const line = `<polyline fill="none" stroke="${COLOUR.line}" stroke-width="1.5" points="${points.join(' ')}"/>`
  return [label(name, top + 16), note(range.slice(0, 26), top + 29), line].join('\n')
}

function drawFault({ faultMs, mendedMs }: TrialResult, { x, height }: { x: Place['x']; height: number }): string {
  if (faultMs === undefined || mendedMs === undefined) return ''
  const [from, to] = [x(faultMs), x(mendedMs)]
  return [
    `<rect x="${n(from)}" y="18" width="${n(to - from)}" height="${height - 38}" fill="${COLOUR.fault}" opacity="0.08"/>`,
    `<text x="${n(from)}" y="13" fill="${COLOUR.fault}">fault</text>`,
    `<line x1="${n(from)}" x2="${n(from)}" y1="18" y2="${height - 20}" stroke="${COLOUR.fault}"/>`,
    `<line x1="${n(to)}" x2="${n(to)}" y1="18" y2="${height - 20}" stroke="${COLOUR.fault}" stroke-dasharray="3 3"/>`,
    `<text x="${n(to + 3)}" y="13" fill="${COLOUR.fault}">undone</text>`,
  ].join('\n')
}

function drawAxis(endMs: number, { x, top }: Place): string {
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300].find((seconds) => endMs / 1_000 / seconds <= 12) ?? 600
  return Array.from({ length: Math.floor(endMs / 1_000 / step) + 1 }, (_, i) => i * step)
    .map(
      (second) =>
        `<text x="${n(x(second * 1_000))}" y="${top + 12}" fill="currentColor" opacity="0.7">${second} s</text>`,
    )
    .join('\n')
}

function label(text: string, y: number): string {
  return `<text x="4" y="${y}" font-weight="600" fill="currentColor">${escapeXml(text.slice(0, 24))}</text>`
}

function note(text: string, y: number): string {
  return `<text x="4" y="${y}" font-size="10" fill="currentColor" opacity="0.7">${escapeXml(text)}</text>`
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10)
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
