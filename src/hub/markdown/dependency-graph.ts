import type { Component, Dependency, Kind } from '../../model/index.ts'
import type { RegionSources } from './sources.ts'
import { oneLine } from './text.ts'

/** GitHub draws no Mermaid diagram with more edges, and none at all rather than a part. */
const EDGES_MAX = 450

const GROUPS: readonly [string, string, ReadonlySet<Kind>][] = [
  ['services', 'Services', new Set<Kind>(['gateway', 'service', 'job'])],
  [
    'infrastructure',
    'Infrastructure',
    new Set<Kind>(['database', 'cache', 'queue', 'config', 'host', 'zone', 'network']),
  ],
  ['external', 'External', new Set<Kind>(['external', 'credential'])],
]

/** Who needs whom, as claimed, in Mermaid: solid what is hard, dotted what a caller does without or does later. */
export function writeDependencyGraph({ assessment }: RegionSources): string {
  const views = assessment.claimed.components
  const nodeOf = new Map(views.map(({ component }, i) => [component.id, `n${i}`]))
  const drawn = views.flatMap(({ component }) => component.dependencies.flatMap((item) => writeEdges(item, nodeOf)))
  const edges = [...new Set(drawn)]
  const groups = GROUPS.flatMap(([id, title, kinds]) => {
    const members = views.filter(({ component }) => kinds.has(component.kind))
    if (members.length === 0) return []
    const nodes = members.map(({ component }) => `    ${nodeOf.get(component.id)}${writeNode(component)}`)
    return [`  subgraph ${id}["${title}"]`, ...nodes, '  end']
  })
  const alone = views.filter(({ spofOf, assumed }) => spofOf.length > 0 && !assumed)
  const marked = alone.map(({ component }) => nodeOf.get(component.id)).join(',')
  const lines = [
    'flowchart LR',
    ...groups,
    ...edges.slice(0, EDGES_MAX),
    ...(marked === '' ? [] : ['  classDef spof stroke:#c00,stroke-width:3px', `  class ${marked} spof`]),
  ]
  const cut = edges.length > EDGES_MAX ? ` Only ${EDGES_MAX} of its ${edges.length} dependencies are drawn.` : ''
  return `\`\`\`mermaid\n${lines.join('\n')}\n\`\`\`\n\nSolid: hard. Solid with a question mark: strength not stated, assumed hard. Dotted: soft, or async where it says so.\nA thick red border: takes a flow down alone, for certain.${cut}`
}

function writeNode({ title, kind }: Component): string {
  const label = `"${oneLine(title).replaceAll('#', '#35;').replaceAll('&', '#amp;').replaceAll('"', '#quot;').replaceAll('<', '#lt;')}"`
  if (kind === 'database' || kind === 'cache') return `[(${label})]`
  return kind === 'external' || kind === 'credential' ? `[/${label}/]` : `[${label}]`
}

function writeEdges(
  { caller, alternatives, strength, isAnyOf }: Dependency,
  nodeOf: ReadonlyMap<string, string>,
): string[] {
  const any = isAnyOf && alternatives.length > 1 ? 'any' : ''
  return alternatives.map(({ target }) => {
    const [from, to] = [nodeOf.get(caller), nodeOf.get(target)]
    const label = [strength === 'async' ? 'async' : strength === 'unknown' ? '?' : '', any]
      .filter((x) => x !== '')
      .join(', ')
    const arrow = strength === 'soft' || strength === 'async' ? '-.->' : '-->'
    return `  ${from} ${arrow}${label === '' ? '' : `|"${label}"|`} ${to}`
  })
}
