import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import type { HubRun } from '../../../src/hub/index.ts'

const HEIGHT = 150

export interface ChartProps {
  readonly labels: readonly string[]
  /** Absent: the second series has a scale of its own. */
  readonly isOneScale?: boolean
  readonly data: readonly (readonly (number | null)[])[]
  readonly events: HubRun['events']
}

/** Lines over seconds; each event is a dashed mark. */
export function Chart({ labels, data, events, isOneScale = false }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  const marks = useRef(events)
  marks.current = events
  const isDark = useComputedColorScheme() === 'dark'
  const titles = labels.join('|')
  useEffect(() => {
    const box = place.current
    if (!box) return
    const ink = isDark ? '#ced4da' : '#495057'
    plot.current = new uPlot(
      optionsOf(titles.split('|'), { width: box.clientWidth, ink, marks, isOneScale }),
      [[], []],
      box,
    )
    const watch = new ResizeObserver(() => plot.current?.setSize({ width: box.clientWidth, height: HEIGHT }))
    watch.observe(box)
    return () => {
      watch.disconnect()
      plot.current?.destroy()
    }
  }, [titles, isDark, isOneScale])
  useEffect(() => {
    plot.current?.setData(data as uPlot.AlignedData)
  })
  return <div ref={place} role="img" aria-label={labels.join(', ')} />
}

interface ChartLook {
  readonly width: number
  readonly ink: string
  readonly marks: { readonly current: HubRun['events'] }
  readonly isOneScale: boolean
}

function optionsOf(labels: readonly string[], { width, ink, marks, isOneScale }: ChartLook): uPlot.Options {
  const axis = { stroke: ink, grid: { stroke: `${ink}33` }, ticks: { stroke: `${ink}33` } }
  const colours = ['#1c7ed6', '#e8590c']
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: false } },
    axes: [
      { ...axis, values: (_, all) => all.map((at) => `${at} s`) },
      axis,
      ...(labels.length > 1 && !isOneScale ? [{ ...axis, side: 1, scale: 'ms', size: 64 } as const] : []),
    ],
    series: [
      { label: 's' },
      ...labels.map((label, i) => ({
        label,
        stroke: colours[i] ?? ink,
        width: 2,
        points: { show: false },
        ...(i > 0 && !isOneScale && { scale: 'ms' }),
      })),
    ],
    hooks: { draw: [(plot) => drawMarks(plot, marks.current, ink)] },
  }
}

function drawMarks(plot: uPlot, events: HubRun['events'], ink: string): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = ink
  ctx.setLineDash([4, 4])
  for (const { atMs } of events) {
    const x = plot.valToPos(atMs / 1000, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}
