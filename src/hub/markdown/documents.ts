import { percent } from '../terminal/paint.ts'
import { sayRunbook } from './radii.ts'
import type { RegionSources } from './sources.ts'
import { oneLine, plain, table } from './text.ts'

const TIERS = ['P0', 'P1', 'P2', 'P3']

/** Every runbook that the model names: for what, how bad that is, and whether a drill has shown that it works. */
export function writeRunbooks({ assessment, proof }: RegionSources): string {
  const { components } = assessment.was
  const names = [...new Set(components.flatMap(({ component }) => component.runbook ?? []))]
  const rows = names.map((runbook) => {
    const about = components.filter(({ component }) => component.runbook === runbook)
    const claim = assessment.claimed.claims.find(
      ({ claim }) =>
        claim.id.startsWith('runbook:') && about.some(({ component }) => claim.about.includes(component.id)),
    )
    const judgement = claim && proof.judgements.get(claim.claim.id)
    const down = Math.max(...about.map(({ blastRadius }) => blastRadius.down))
    const row = [
      sayRunbook(runbook),
      TIERS.find((tier) => about.some(({ component }) => component.tier === tier)) ?? '–',
      percent(down),
      about.map(({ component }) => plain(component.title)).join(', '),
      judgement?.verdict === 'supported'
        ? `proved in ${plain(judgement.environment ?? '')}`
        : (judgement?.verdict ?? 'unknown'),
    ]
    return { down, row }
  })
  const sorted = [...rows].sort((a, b) => b.down - a.down).map(({ row }) => row)
  return table(['Document', 'Severity', 'Blast radius:', 'For', 'A drill has followed it'], sorted)
}

/** The pages of the vault as a tree; the page it stands in is marked. */
export function writeStructure({ pages, page }: RegionSources): string {
  const root: Folder = { folders: new Map(), files: [] }
  for (const path of [...pages].sort()) {
    const parts = path.split('/')
    const file = parts.pop() ?? path
    let folder = root
    for (const part of parts) {
      const next = folder.folders.get(part) ?? { folders: new Map(), files: [] }
      folder.folders.set(part, next)
      folder = next
    }
    folder.files.push({ file, isThis: path === page })
  }
  return `\`\`\`text\n${['/', ...draw(root, '')].join('\n')}\n\`\`\``
}

interface Folder {
  readonly folders: Map<string, Folder>
  readonly files: { readonly file: string; readonly isThis: boolean }[]
}

function draw({ folders, files }: Folder, indent: string): string[] {
  const items = [
    ...[...folders].map(([name, folder]) => ({ name: `${oneLine(name)}/`, folder })),
    ...files.map(({ file, isThis }) => ({
      name: `${oneLine(file)}${isThis ? '  ← you are here' : ''}`,
      folder: undefined,
    })),
  ]
  return items.flatMap(({ name, folder }, i) => {
    const isLast = i === items.length - 1
    const below = folder ? draw(folder, `${indent}${isLast ? '    ' : '│   '}`) : []
    return [`${indent}${isLast ? '└── ' : '├── '}${name}`, ...below]
  })
}
