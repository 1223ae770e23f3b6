import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

// The vault commands as their users run them: real folders, real files, exit codes.

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'linchpin-vault-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function linchpin(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/linchpin.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '' },
  })
  return { status, stdout, stderr }
}

let count = 0
/** A vault of its own, named by a path from where the commands run. */
function makeVault(files: Readonly<Record<string, string>>): string {
  const vault = `v${++count}`
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, vault, name, '..'), { recursive: true })
    writeFileSync(join(folder, vault, name), text)
  }
  return vault
}

const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8')
const MODEL = 'flows: { f: { title: Buy, entry: shop } }\ncomponents: { shop: { kind: service } }\n'
const PAGE = '# A\n<!-- linchpin:flows -->\n<!-- /linchpin -->\nlast line, without an end'

describe('linchpin vault sync', () => {
  it('writes what is out of date, and then has nothing to write', () => {
    const vault = makeVault({ 'system/m.yaml': MODEL, 'README.md': PAGE })
    expect(linchpin('vault', 'sync', vault)).toEqual({
      status: 0,
      stdout: `${vault}/README.md: flows\nWrote 1 region of 1 page.\n`,
      stderr: '',
    })
    const once = read(vault, 'README.md')
    expect(once).toMatch(
      /^# A\n<!-- linchpin:flows -->\n\n\| Flow \|[\s\S]*<!-- \/linchpin -->\nlast line, without an end$/,
    )
    expect(linchpin('vault', 'sync', vault).stdout).toBe('Nothing to write: every region of 1 page is up to date.\n')
    expect(read(vault, 'README.md')).toBe(once)
    expect(linchpin('vault', 'sync', vault, '--check').status).toBe(0)
  })

  it('keeps the byte order mark and the line ends of a page', () => {
    const vault = makeVault({ 'system/m.yaml': MODEL, 'README.md': `\uFEFF${PAGE.replaceAll('\n', '\r\n')}` })
    expect(linchpin('vault', 'sync', vault).status).toBe(0)
    expect(read(vault, 'README.md')).toMatch(/^\uFEFF# A\r\n<!-- linchpin:flows -->\r\n\r\n\| Flow/)
    expect(read(vault, 'README.md')).not.toMatch(/[^\r]\n/)
  })

  it('keeps the rights of a page, and leaves nothing else behind', () => {
    const vault = makeVault({ 'system/m.yaml': MODEL, 'README.md': PAGE })
    const before = statSync(join(folder, vault, 'README.md')).mode
    linchpin('vault', 'sync', vault)
    expect(statSync(join(folder, vault, 'README.md')).mode).toBe(before)
    expect(readdirSync(join(folder, vault)).sort()).toEqual(['README.md', 'system'])
  })

  it('--check writes nothing and says which region is out of date, and where', () => {
    const vault = makeVault({ 'system/m.yaml': MODEL, 'README.md': PAGE })
    linchpin('vault', 'sync', vault)
    writeFileSync(join(folder, vault, 'system/m.yaml'), MODEL.replace('Buy', 'Sell'))
    const before = read(vault, 'README.md')
    const { status, stdout } = linchpin('vault', 'sync', vault, '--check')
    expect(status).toBe(1)
    expect(stdout).toBe(
      `${vault}/README.md:2:1 The region "flows" is out of date. Run linchpin vault sync.\n1 region of 1 page out of date.\n`,
    )
    expect(read(vault, 'README.md')).toBe(before)
  })

  it('writes the sound regions, and reports the others', () => {
    const vault = makeVault({ 'system/m.yaml': MODEL, 'README.md': `${PAGE}\n\n<!-- linchpin:flow -->\n` })
    const { status, stdout } = linchpin('vault', 'sync', vault)
    expect(status).toBe(1)
    expect(stdout).toContain(
      `${vault}/README.md:6:1 There is no region "flow". Did you mean "flows"? Correct the name.\n`,
    )
    expect(read(vault, 'README.md')).toContain('| Flow |')
  })

  it('says what is wrong with the model before it writes anything', () => {
    const vault = makeVault({ 'system/m.yaml': 'components: { shop: { kind: sevice } }', 'README.md': PAGE })
    const { status, stderr } = linchpin('vault', 'sync', vault)
    expect(status).toBe(2)
    expect(stderr).toContain(`${vault}/system/m.yaml:1:23`)
    expect(read(vault, 'README.md')).toBe(PAGE)
  })
})

it('linchpin vault sync asks for a model where there is none', () => {
  const vault = makeVault({ 'README.md': PAGE })
  expect(linchpin('vault', 'sync', vault)).toMatchObject({
    status: 2,
    stderr: `${vault} has no model to write regions from. Put system files into ${vault}/system; linchpin init writes a first one.\n`,
  })
})

describe('linchpin vault check', () => {
  it('gives each finding its place', () => {
    const vault = makeVault({ 'README.md': '---\na: [\n---\nsee [[Nowhere]]\n' })
    const { status, stdout } = linchpin('vault', 'check', vault)
    expect(status).toBe(1)
    expect(stdout).toContain(`${vault}/README.md:4:5 "Nowhere" is not in the vault. Correct the link. [broken-link]\n`)
    expect(stdout).toMatch(/\n1 page: 2 errors, 0 warnings\.\n$/)
  })

  it('fails on errors alone, and has everything as JSON', () => {
    const vault = makeVault({ 'README.md': '', 'lost.md': '' })
    const { status, stdout } = linchpin('vault', 'check', vault, '--format', 'json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      pages: 2,
      findings: [
        {
          kind: 'orphan',
          severity: 'warning',
          where: { file: `${vault}/lost.md`, line: 1, column: 1 },
          message: 'No page links here. Link to it, or give it `type: index` if people start there.',
        },
      ],
    })
  })

  it('follows no symbolic link, reads no binary, and shows no control character', () => {
    const vault = makeVault({ 'README.md': '[[\u001b[31mred]]\n' })
    const outside = makeVault({ 'secret.md': 'do not show' })
    symlinkSync(join(folder, outside, 'secret.md'), join(folder, vault, 'link.md'))
    symlinkSync(join(folder, outside), join(folder, vault, 'folder'))
    writeFileSync(join(folder, vault, 'binary.md'), Buffer.from([0xff, 0xfe, 0x00]))
    writeFileSync(join(folder, vault, 'huge.md'), 'x'.repeat(3_000_000))
    const { status, stdout } = linchpin('vault', 'check', vault)
    expect(status).toBe(1)
    expect(stdout).not.toContain('do not show')
    expect(stdout).not.toContain('\u001b')
    for (const file of ['link.md', 'folder', 'binary.md', 'huge.md']) expect(stdout).toContain(`${vault}/${file}:1:1 `)
  })

  it('reads the mount path, and says what is wrong with its file', () => {
    const pages = { 'README.md': '[[Teams/Shop/a/B|b]]', 'a/B.md': '' }
    expect(linchpin('vault', 'check', makeVault({ ...pages, '.linchpin.yaml': 'mount: Teams/Shop\n' })).status).toBe(0)
    const wrong = linchpin('vault', 'check', makeVault({ ...pages, '.linchpin.yaml': 'mont: Teams/Shop\n' }))
    expect(wrong.stdout).toMatch(/\.linchpin\.yaml:1:1 "mont" is not a key here\. Did you mean "mount"\?/)
  })

  it('refuses what is no folder', () => {
    expect(linchpin('vault', 'check', 'nowhere')).toMatchObject({ status: 2, stdout: '' })
  })
})

describe.each(['mrg/vault', 'examples/shop/vault'])('the pages of %s', (path) => {
  const vault = join('copy', path)
  cpSync(join(root, path), join(folder, vault), { recursive: true })

  it('have no broken link, no page without a way to it, and no runbook that is missing', () => {
    const { stdout } = linchpin('vault', 'check', vault, '--format', 'json')
    const { findings } = JSON.parse(stdout) as { findings: { kind: string; severity: string }[] }
    // What comes with time fails nothing: reviews that are due, waivers that ended.
    expect(findings.filter(({ kind, severity }) => severity === 'error' || kind === 'orphan')).toEqual([])
  })

  it('show what the model and the records say', () => {
    expect(linchpin('vault', 'sync', vault, '--check')).toMatchObject({ status: 0 })
  })
})

describe('the hub of MRG', () => {
  const vault = join('copy', 'mrg/vault')
  const OLD_LINKS = [
    '02-services/orderorchestrator/README',
    '02-services/taxipartnergateway/README',
    '02-services/userservice/README',
    '01-architecture/dependency-graph',
    '01-architecture/diagrams/system-architecture',
  ].map((page) => `[[02-Work/Teams/MRG/${page}|Page]]`)

  it('is reached by the absolute links of its first edition', () => {
    const page = join(folder, vault, '01-architecture/old-links.md')
    writeFileSync(page, `${OLD_LINKS.join('\n')}\n\n[[02-Work/Teams/MRG/01-architecture/gone]]\n`)
    const { stdout } = linchpin('vault', 'check', vault)
    rmSync(page)
    const broken = stdout.split('\n').filter((line) => line.includes('old-links.md') && line.includes('broken-link'))
    expect(broken).toEqual([expect.stringContaining('old-links.md:7:1 "02-Work/Teams/MRG/01-architecture/gone"')])
  })

  it('ticks no box of its roadmap without a record', () => {
    for (const name of readdirSync(join(folder, vault, 'evidence'))) rmSync(join(folder, vault, 'evidence', name))
    expect(linchpin('vault', 'sync', vault, '--check').status).toBe(1)
    linchpin('vault', 'sync', vault)
    const hub = read(vault, '01-architecture/MRG-SPOF-Documentation-Hub.md')
    expect(hub).toContain('Circuit breaker for BBD')
    expect(hub).not.toContain('- [x]')
  })
})

describe('linchpin plan', () => {
  it('chooses within an effort, and says how good that is', () => {
    const { status, stdout } = linchpin('plan', join(root, 'mrg/vault'), '--budget', '12d')
    expect(status).toBe(0)
    expect(stdout).toContain('LEAST RISK WITHIN 12 D')
    expect(stdout).toContain('Guards on the rest of the landscape')
    expect(stdout).toContain('No\n  other set within the effort leaves less.')
    expect(Math.max(...stdout.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(100)
  })

  it('refuses a budget without a unit', () => {
    const { status, stderr } = linchpin('plan', join(root, 'mrg/vault'), '--budget', '12')
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: '--budget 12 is not an effort. Write it with its unit, such as 12d.\n',
    })
  })
})
