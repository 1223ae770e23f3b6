import type { DrillPlan } from '../format/plan.ts'
import type { Sample } from '../load/sample.ts'
import type { Look, TrialEvent } from '../run/result.ts'
import type { Observer } from '../run/run-context.ts'

const REDRAW_MS = 250
const BARS = 40
const BAR_MS = 500
const EVENTS_SHOWN = 6
const GLYPHS = { ok: '█', degraded: '▒', failed: '░', none: ' ' }

interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => unknown
}

export interface Live extends Observer {
  /** Draws the last picture and lets go of the terminal. */
  readonly end: () => void
}

/** Shows a run while it goes on: a picture that is drawn over on a terminal, elsewhere a line for each event. */
export function createLive(output: Output, plan: DrillPlan): Live {
  return output.isTTY ? new Screen(output, plan) : plainLines(output)
}

function plainLines(output: Output): Live {
  return {
    onStep: (text) => output.write(`${text}\n`),
    onEvent: (event) => output.write(`${writeEvent(event)}\n`),
    onSample: () => undefined,
    onLook: () => undefined,
    end: () => undefined,
  }
}

function writeEvent({ atMs, text }: TrialEvent): string {
  return `${(atMs / 1_000).toFixed(1).padStart(7)} s  ${text}`
}

class Screen implements Live {
  readonly #output: Output
  readonly #plan: DrillPlan
  readonly #events: TrialEvent[] = []
  readonly #looks = new Map<string, Look>()
  readonly #samples = new Map<string, Sample[]>()
  readonly #timer: NodeJS.Timeout
  #step = ''
  #lines = 0

  constructor(output: Output, plan: DrillPlan) {
    this.#output = output
    this.#plan = plan
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS)
    this.#timer.unref()
  }

  /** A trial begins with a step of its own: what was shown of the one before goes. */
  onStep = (text: string) => {
    if (/^trial|^load/.test(text)) for (const kept of [this.#samples, this.#looks]) kept.clear()
    this.#step = text
  }

  onEvent = (event: TrialEvent) => {
    this.#events.push(event)
  }

  onSample = (sample: Sample) => {
    const kept = this.#samples.get(sample.load) ?? []
    kept.push(sample)
    this.#samples.set(sample.load, kept)
  }

  onLook = (probe: string, look: Look) => {
    this.#looks.set(probe, look)
  }

  end = () => {
    clearInterval(this.#timer)
    this.#draw()
  }

  #draw(): void {
    const lines = [
      `${this.#plan.input.drill}: ${this.#step}`,
      ...Object.keys(this.#plan.input.load ?? {}).map((load) => this.#drawLoad(load)),
      ...[...this.#looks].map(([name, { value, reason }]) => `  ${name.padEnd(16)} ${value ?? `? ${reason}`}`),
      ...this.#events.slice(-EVENTS_SHOWN).map(writeEvent),
    ].map((line) => line.slice(0, (this.#output.columns || 80) - 1))
    const up = this.#lines > 0 ? `\u001b[${this.#lines}A` : ''
    // Lines that are no longer there are emptied.
    const padded = [...lines, ...Array(Math.max(0, this.#lines - lines.length)).fill('')]
    this.#output.write(`${up}${padded.map((line) => `\u001b[2K${line}\n`).join('')}`)
    this.#lines = padded.length
  }

  #drawLoad(load: string): string {
    const samples = this.#samples.get(load) ?? []
    const endMs = samples.at(-1)?.atMs ?? 0
    const from = Math.max(0, endMs - BARS * BAR_MS)
    const bars = Array.from({ length: BARS }, (_, i) => {
      const own = samples.filter(({ atMs }) => atMs >= from + i * BAR_MS && atMs < from + (i + 1) * BAR_MS)
      const worst = (['failed', 'degraded', 'ok'] as const).find((outcome) =>
        own.some((one) => one.outcome === outcome),
      )
      return GLYPHS[worst ?? 'none']
    })
    const recent = samples.filter(({ atMs }) => atMs > endMs - 2_000)
    const served = recent.filter(({ outcome }) => outcome !== 'failed').length / Math.max(1, recent.length)
    const slowest = Math.max(0, ...recent.map(({ tookMs }) => tookMs))
    return `  ${load.padEnd(16)} ${bars.join('')} ${Math.round(100 * served)} % served, up to ${Math.round(slowest)} ms`
  }
}
