import { formatDuration } from '../../source/index.ts'
import type { DrillPlan } from '../format/plan.ts'
import type { DrillResult, TrialResult } from '../run/result.ts'
import { describeFigures, describeLoad, describeMethod, describeRecovery } from './describe.ts'
import { drawTimeline, escapeXml } from './draw-timeline.ts'

const STYLE = `
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8884 }
.supported { color: #3a7d44 } .refuted { color: #b3362b } .unknown { color: #a06c0c }
.verdict { font-weight: 700; text-transform: uppercase }
svg { width: 100%; height: auto }
code { font-size: .9em }`

/** The same account on one page that needs nothing else: pictures inside, no script, nothing loaded. */
export function writeHtml(result: DrillResult, plan: DrillPlan): string {
  const { title, drill, environment, startedAt, tookMs, verdict, because, claims, trials, run } = result
  const took = formatDuration(Math.round(tookMs / 1_000) * 1_000)
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeXml(title)}</title><style>${STYLE}</style></head>
<body>
<h1>${escapeXml(title)}</h1>
<p><span class="verdict ${verdict}">${verdict}</span> in ${escapeXml(environment)}: ${escapeXml(because)}</p>
<p>Drill <code>${escapeXml(drill)}</code>, run <code>${escapeXml(run)}</code>, begun ${startedAt}, ${took}.</p>
${table(
  ['Claim', 'Verdict', 'Because'],
  claims.map((one) => [one.claim, one.verdict, one.because]),
)}
<h2>What was broken</h2>
${list([...describeMethod(plan), ...describeFigures(trials)])}
${trials.map((trial) => writeTrial(trial, result)).join('\n')}
</body>
</html>
`
}

function writeTrial(trial: TrialResult, result: DrillResult): string {
  const marks = { true: 'holds', false: 'does not hold', undefined: 'could not tell' }
  const { n, startedAt, expectations, events, left, verified, steadyAfterMs, unsteady, undeclared, faultMs } = trial
  const loads = Object.keys(trial.broken).map((load) => [
    load,
    describeLoad(trial.broken[load]),
    describeLoad(trial.mended[load]),
    describeRecovery(trial.recoveries[load]),
  ])
  return `<h2>Trial ${n}</h2>
<p>Begun ${startedAt}. Green: served; ochre: served with something missing; red: failed. Shaded: the faults held.</p>
${drawTimeline(trial, result)}
${table(['Load', 'While broken', 'Once mended', 'Waited'], loads)}
${table(
  ['Expected', 'Found', ''],
  expectations.map(({ text, found, holds }) => [text, found, marks[String(holds) as keyof typeof marks]]),
)}
${table(
  ['After the fault', 'What happened'],
  events.map(({ atMs, text }) => [`${((atMs - (faultMs ?? 0)) / 1_000).toFixed(1)} s`, text]),
)}
${list([
  ...undeclared.map(({ message }) => `undeclared-dependency: ${message}`),
  left.length === 0 ? 'Nothing was left behind.' : `Left behind: ${left.join('; ')}`,
  steadyAfterMs === undefined
    ? `Steady state did not come back: ${unsteady.join('; ')}.`
    : `Steady state was back ${formatDuration(steadyAfterMs)} after the undo.`,
  `The lab's own check: ${verified.state}${verified.output ? ` (${verified.output.split('\n').at(-1)})` : ''}.`,
])}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join('')}</tr>`
  return `<table>${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`
}

function list(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escapeXml(line)}</li>`).join('')}</ul>`
}
