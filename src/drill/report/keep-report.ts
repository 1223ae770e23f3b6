import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DrillPlan } from '../format/plan.ts'
import type { DrillResult } from '../run/result.ts'
import { drawTimeline } from './draw-timeline.ts'
import { summariseRun } from './summarise-run.ts'
import { writeHtml } from './write-html.ts'
import { writeMarkdown } from './write-markdown.ts'

/** Writes a run into its folder: the page, the same as Markdown, the figures, and every single request. */
export function keepReport(result: DrillResult, plan: DrillPlan): string {
  const file = (name: string) => join(result.folder, name)
  writeFileSync(file('report.html'), writeHtml(result, plan))
  writeFileSync(file('report.md'), writeMarkdown(result, plan))
  writeFileSync(file('result.json'), `${JSON.stringify(summariseRun(result), undefined, 2)}\n`)
  for (const trial of result.trials) {
    const lines = trial.samples.map(({ load, atMs, tookMs, outcome, detail }) =>
      [load, atMs.toFixed(1), tookMs.toFixed(1), outcome, JSON.stringify(detail)].join(','),
    )
    writeFileSync(file(`trial-${trial.n}/requests.csv`), `load,dueMs,tookMs,outcome,detail\n${lines.join('\n')}\n`)
    writeFileSync(file(`trial-${trial.n}/timeline.svg`), drawTimeline(trial, result))
  }
  return file('report.html')
}
