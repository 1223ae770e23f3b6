import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/**
 * Each module of `src/`, in the order of the data flow, with the modules it may import and why. A module is a folder;
 * its `index.ts` is its only door. This table is the rule; ARCHITECTURE.md draws it.
 */
const MODULES: Record<string, { mayImport: string[]; because: string }> = {
  source: { mayImport: [], because: 'the shared leaf: text with positions, problems, units' },
  model: { mayImport: ['source'], because: 'turns text into a checked model' },
  vault: { mayImport: ['source'], because: 'reads, links and edits pages of Markdown, whatever they are about' },
  assess: { mayImport: ['source', 'model'], because: 'computes from the model alone' },
  evidence: {
    mayImport: ['source', 'model', 'assess'],
    because: 'keeps what drills found out, and judges claims by it',
  },
  runbook: {
    mayImport: ['source', 'model', 'evidence', 'vault'],
    because: 'turns pages that people read into steps, and carries them out',
  },
  lab: { mayImport: ['source'], because: 'runs a local copy of a platform, whatever its model says' },
  drill: {
    mayImport: ['source', 'model', 'assess', 'evidence', 'runbook', 'lab'],
    because: 'breaks a lab on purpose, and says what that shows of the model',
  },
  hub: {
    mayImport: ['source', 'model', 'vault', 'assess', 'evidence'],
    because: 'shows what was computed, also over HTTP',
  },
  cli: {
    mayImport: ['source', 'model', 'vault', 'assess', 'evidence', 'runbook', 'lab', 'drill', 'hub'],
    because: 'the only place with arguments, files and exit codes',
  },
}

/** Same input, same output: these modules touch no file, network, clock or randomness. */
const PURE = ['model', 'vault', 'assess']
/** These act on the world: files, sockets and processes. */
const ACTING = ['evidence', 'runbook', 'lab', 'drill', 'hub', 'cli']
/** The one thing of Node's that is a pure function and used below `cli`. */
const PURE_NODE_IMPORTS: Record<string, string[]> = { source: ['node:crypto'] }

const root = fileURLToPath(new URL('../src', import.meta.url))
const IMPORT = /^\s*(?:import|export)\b[^'"]*?\bfrom\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const imports = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(IMPORT)].map((match) => ({
    file,
    module: file.split(sep)[0] ?? '',
    isTest: /\.test\.ts$|(^|\/)testing\//.test(file),
    to: match[1] ?? match[2] ?? match[3] ?? '',
  })),
)

describe('the import rule', () => {
  it('every folder of src is a module of the table', () => {
    const folders = new Set(files.map((file) => file.split(sep)[0]).filter((folder) => folder !== undefined))
    folders.delete('tsconfig.json')
    expect([...folders].sort()).toEqual(Object.keys(MODULES).sort())
  })

  it('modules import only the modules before them, and only through index.ts', () => {
    const violations = imports
      .filter(({ to }) => to.startsWith('.'))
      .flatMap(({ file, module, to }) => {
        const [target = '', ...rest] = relative(root, join(root, dirname(file), to)).split(sep)
        if (target === module) return []
        if (!MODULES[module]?.mayImport.includes(target))
          return [`${file} imports ${to}: ${module} may not import ${target}`]
        return rest.length === 1 && rest[0] === 'index.ts' ? [] : [`${file} imports ${to}: use ${target}/index.ts`]
      })
    expect(violations).toEqual([])
  })

  it('the table has no cycle', () => {
    const order = Object.keys(MODULES)
    for (const [module, { mayImport }] of Object.entries(MODULES))
      for (const other of mayImport) expect(order.indexOf(other)).toBeLessThan(order.indexOf(module))
  })

  it('only evidence, runbook, lab, drill, hub and cli use what Node does to the world', () => {
    const violations = imports
      .filter(({ module, to, isTest }) => to.startsWith('node:') && !ACTING.includes(module) && !isTest)
      .filter(({ module, to }) => !PURE_NODE_IMPORTS[module]?.includes(to))
    expect(violations).toEqual([])
  })

  it('the pure modules read no clock, no randomness and no process', () => {
    const effects = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(|\bperformance\.now\(/
    const violations = files
      .filter((file) => PURE.includes(file.split(sep)[0] ?? '') && !/\.test\.ts$|(^|\/)testing\//.test(file))
      .filter((file) => effects.test(readFileSync(join(root, file), 'utf8')))
    expect(violations).toEqual([])
  })

  it("no file finds others beside itself: the command line is bundled, and its place is not the file's own", () => {
    const isProduct = (file: string) => !/\.test\.ts$|(^|\/)testing\//.test(file)
    const found = files.filter((file) => isProduct(file) && /import\.meta/.test(readFileSync(join(root, file), 'utf8')))
    // It asks for an installed package, which is found from the bundle as well.
    expect(found).toEqual([join('lab', 'postgresql', 'find-postgresql.ts')])
  })

  it('nothing under src or guard knows the reference platform', () => {
    const violations = files.filter((file) =>
      /\bmrg\b|\bbbd\b|taxi/i.test(readFileSync(join(root, file), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')),
    )
    expect(violations).toEqual([])
  })
})
