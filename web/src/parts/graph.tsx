import dagre from '@dagrejs/dagre'
import { Button, Group, useComputedColorScheme } from '@mantine/core'
import cytoscape, { type Core, type StylesheetJson } from 'cytoscape'
import { useEffect, useRef } from 'react'
import type { HubMap } from '../../../src/hub/index.ts'
import { useWords } from '../words.ts'

const WIDTH = 130
const HEIGHT = 34
/** As many fit one above the other. */
const COLUMN_MAX = 9

interface GraphProps {
  readonly map: HubMap
  readonly state: 'claimed' | 'proved'
  readonly picked: string | undefined
  /** Ids, with ":hang" for those that hang. */
  readonly failing: readonly string[]
  readonly onPick: (id: string | undefined) => void
}

/** Layered by who calls whom. What rests on the picked component is drawn strong, the rest faint. */
export function Graph({ map, state, picked, failing, onPick }: GraphProps) {
  const words = useWords()
  const place = useRef<HTMLDivElement>(null)
  const graph = useRef<Core | undefined>(undefined)
  const pick = useRef(onPick)
  pick.current = onPick
  const isDark = useComputedColorScheme() === 'dark'
  useEffect(() => {
    if (!place.current) return
    const made = cytoscape({
      container: place.current,
      elements: layOut(map),
      layout: { name: 'preset', fit: true, padding: 16 },
      style: styleOf(isDark),
      minZoom: 0.15,
      maxZoom: 2.5,
      textureOnViewport: map.nodes.length > 150,
    })
    made.on('tap', 'node', (event) => pick.current(event.target.id()))
    made.on('tap', (event) => event.target === made && pick.current(undefined))
    graph.current = made
    return () => made.destroy()
  }, [map, isDark])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme makes the graph anew, without its classes.
  useEffect(() => {
    const made = graph.current
    if (!made) return
    made.batch(() => {
      made.elements().removeClass('spof failing faint picked')
      for (const { id, isSpof } of map.nodes) if (isSpof[state]) made.getElementById(id).addClass('spof')
      for (const word of failing) made.getElementById(word.split(':')[0] ?? '').addClass('failing')
      const chosen = picked === undefined ? made.collection() : made.getElementById(picked)
      if (chosen.empty()) return
      made.elements().difference(chosen.union(chosen.predecessors()).union(chosen.successors())).addClass('faint')
      chosen.addClass('picked')
    })
  }, [map, state, picked, failing, isDark])
  const save = (kind: 'png' | 'svg') => graph.current && download(graph.current, kind, isDark)
  return (
    <>
      <div ref={place} className="map" role="img" aria-label={words.map} />
      <Group gap={6} mt={6}>
        <Button size="compact-xs" variant="default" onClick={() => graph.current?.fit(undefined, 16)}>
          ⤢
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => save('png')}>
          {words.export} PNG
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => save('svg')}>
          {words.export} SVG
        </Button>
      </Group>
    </>
  )
}

function layOut({ nodes, edges }: HubMap) {
  const shown = new Set(nodes.map(({ id }) => id))
  const drawn = edges.filter(({ from, to }) => shown.has(from) && shown.has(to))
  const places = place(
    nodes.map(({ id }) => id),
    drawn,
  )
  return [
    ...nodes.map(({ id, title, group, instances }) => ({
      data: { id, label: instances > 1 ? `${title} ×${instances}` : title },
      classes: group,
      position: places.get(id) ?? { x: 0, y: 0 },
    })),
    ...drawn.map(({ id, from, to, strength, guard, isProved }) => ({
      data: { id: `edge ${id}`, source: from, target: to },
      classes: [strength, guard.length > 0 ? 'guarded' : '', isProved ? 'proved' : ''].join(' '),
    })),
  ]
}

/**
 * Layers and their order are dagre's (few crossings). A screen is wider than high, so a long layer stands in two
 * columns, and no layer keeps gaps for lines that pass.
 */
function place(ids: readonly string[], edges: HubMap['edges']): Map<string, { x: number; y: number }> {
  const layout = new dagre.graphlib.Graph().setGraph({ rankdir: 'LR' })
  layout.setDefaultEdgeLabel(() => ({}))
  for (const id of ids) layout.setNode(id, { width: WIDTH, height: HEIGHT })
  for (const { from, to } of edges) layout.setEdge(from, to)
  dagre.layout(layout)
  const layers = new Map<number, string[]>()
  for (const id of ids) layers.set(layout.node(id).x, [...(layers.get(layout.node(id).x) ?? []), id])
  const places = new Map<string, { x: number; y: number }>()
  let left = 0
  for (const [, layer] of [...layers].sort(([a], [b]) => a - b)) {
    const columns = Math.ceil(layer.length / COLUMN_MAX)
    const rowHeight = (HEIGHT + 40) / columns
    const sorted = [...layer].sort((a, b) => layout.node(a).y - layout.node(b).y)
    for (const [i, id] of sorted.entries())
      places.set(id, { x: left + (i % columns) * (WIDTH + 12), y: (i - (sorted.length - 1) / 2) * rowHeight })
    left += columns * (WIDTH + 12) + 70
  }
  return places
}

function styleOf(isDark: boolean): StylesheetJson {
  const ink = isDark ? '#f1f3f5' : '#212529'
  const line = isDark ? '#868e96' : '#868e96'
  const paper = isDark ? '#2e2e2e' : '#ffffff'
  return [
    {
      selector: 'node',
      style: {
        shape: 'round-rectangle',
        width: WIDTH,
        height: HEIGHT,
        label: 'data(label)',
        color: ink,
        'background-color': paper,
        'border-width': 1,
        'border-color': line,
        'font-size': 12,
        'text-valign': 'center',
        'text-halign': 'center',
        'text-wrap': 'ellipsis',
        'text-max-width': `${WIDTH - 10}px`,
      },
    },
    { selector: 'node.external', style: { 'border-style': 'dashed' } },
    { selector: 'node.spof', style: { 'border-width': 3, 'border-color': isDark ? '#ff8787' : '#c92a2a' } },
    { selector: 'node.failing', style: { 'background-color': isDark ? '#c92a2a' : '#ffa8a8' } },
    { selector: 'node.picked', style: { 'border-width': 4, 'border-color': '#228be6' } },
    {
      selector: 'edge',
      style: {
        width: 1.2,
        'line-color': line,
        'target-arrow-color': line,
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.7,
        'curve-style': 'bezier',
      },
    },
    { selector: 'edge.soft, edge.async', style: { 'line-style': 'dashed' } },
    { selector: 'edge.guarded', style: { width: 2.2, 'line-color': '#1c7ed6', 'target-arrow-color': '#1c7ed6' } },
    { selector: 'edge.proved', style: { 'line-color': '#2b8a3e', 'target-arrow-color': '#2b8a3e' } },
    { selector: '.faint', style: { opacity: 0.18 } },
  ]
}

/** SVG holds the picture as it is drawn, in vectors of its own: boxes, names and lines. */
function download(graph: Core, kind: 'png' | 'svg', isDark: boolean): void {
  const link = document.createElement('a')
  link.download = `map.${kind}`
  link.href =
    kind === 'png'
      ? graph.png({ full: true, scale: 2, bg: isDark ? '#242424' : '#ffffff' })
      : URL.createObjectURL(new Blob([drawSvg(graph)], { type: 'image/svg+xml' }))
  link.click()
}

function drawSvg(graph: Core): string {
  const box = graph.elements().boundingBox()
  const lines = graph.edges().map((edge) => {
    const [from, to] = [edge.sourceEndpoint(), edge.targetEndpoint()]
    return `<line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}" stroke="${edge.style('line-color')}"/>`
  })
  const boxes = graph.nodes().map((node) => {
    const { x, y } = node.position()
    const label = String(node.data('label')).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    return (
      `<rect x="${x - WIDTH / 2}" y="${y - HEIGHT / 2}" width="${WIDTH}" height="${HEIGHT}" rx="5" fill="${node.style('background-color')}" stroke="${node.style('border-color')}"/>` +
      `<text x="${x}" y="${y + 4}" font-size="12" font-family="sans-serif" text-anchor="middle" fill="${node.style('color')}">${label}</text>`
    )
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.x1} ${box.y1} ${box.w} ${box.h}">${[...lines, ...boxes].join('')}</svg>`
}
