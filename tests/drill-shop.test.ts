import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDrillWorld, type DrillWorld } from './drill-world.ts'
import { until } from './lab-world.ts'

// The shop drilled for real: the tutorial line by line, then models that are wrong and runs that go wrong.

let world: DrillWorld
beforeAll(async () => {
  world = await createDrillWorld()
}, 60_000)
afterAll(() => world.dispose(), 60_000)

const tutorial = readFileSync(fileURLToPath(new URL('../docs/tutorial/README.md', import.meta.url)), 'utf8')

describe('the tutorial', { timeout: 300_000 }, () => {
  it('leads from init to a proved claim', async () => {
    rmSync(join(world.folder, 'vault'), { recursive: true })
    for (const folder of ['system', 'drills']) mkdirSync(join(world.folder, 'vault', folder), { recursive: true })
    const outputs: string[] = []
    for (const [, head = '', body = ''] of tutorial.matchAll(/^```(\S.*)\n([\s\S]*?)^```$/gm)) {
      const [, file] = /^yaml file=(\S+)$/.exec(head) ?? []
      if (file !== undefined) writeFileSync(join(world.folder, file), body)
      if (head !== 'bash') continue
      for (const line of body.trim().split('\n')) {
        const [, words] = /^npx linchpin (.*)$/.exec(line) ?? []
        if (words === undefined || words === 'lab down') continue
        const { status, stdout, stderr } = await world.run(...words.split(' '))
        expect({ line, status }, `${stdout}${stderr}`).toEqual({ line, status: 0 })
        outputs.push(stdout)
      }
    }
    const before = outputs[1]
    const [proved, after] = outputs.slice(-2)
    expect(before).toContain('nothing is proved of 4 claims')
    expect(after).toContain('of 4 claims 1 proved')
    expect(proved).toMatch(/soft:web>shelf.*supported|supported.*soft:web>shelf/s)
  })
})

const DRILL = `lab: ../../lab.yaml
timing: { before: 500ms, after: 500ms }
`
const VISITORS = `load: { visitors: { flow: look-around, http: "GET http://\${host}:\${port.web}/", rate: 20/s, degraded: { body: '"unknown"' } } }
`

/** The model of the tutorial with one text replaced. */
function changeModel(from: string | RegExp, to: string): void {
  const [, text = ''] = /```yaml file=vault\/system\/shop.yaml\n([\s\S]*?)```/.exec(tutorial) ?? []
  const file = join(world.folder, 'vault/system/shop.yaml')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text.replace(from, to))
}

function evidence(): string[] {
  const folder = join(world.folder, 'vault/evidence')
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
}

describe('a drill', { timeout: 180_000 }, () => {
  it('refutes a fallback that is declared and not implemented', async () => {
    changeModel(
      'shop: { strength: hard, for: [order], guard: { deadline: 500ms } }',
      'shop: { strength: hard, for: [order], guard: { deadline: 500ms }, fallback: { name: waiting-list, needs: [web] } }',
    )
    world.writeDrill(
      'fallback',
      `drill: fallback\nproves: ["fallback:web>shop"]\n${DRILL}load: { orders: { flow: order, http: "POST http://\${host}:\${port.web}/orders", body: { article: pear }, rate: 10/s } }
method: [{ fault: kill, target: shop, for: 1500ms }]
expect: [{ load: orders, served: ">= 95%" }]
limits: { targets: [shop] }\n`,
    )
    const { status, stdout } = await world.run('drill', 'run', '--claim', 'fallback:web>shop')
    expect(stdout).toMatch(/refuted +fallback:web>shop\n +orders: served >= 95% while broken: found \d/)
    expect(status).toBe(1)
    expect(evidence().some((text) => text.includes('"verdict": "refuted"'))).toBe(true)
  })

  it('finds a dependency that the model does not declare', async () => {
    changeModel(/ {6}shelf: .*\n/, '')
    world.writeDrill(
      'harmless',
      `drill: harmless\nproves: ["guard:shop>stock"]\n${DRILL}${VISITORS}method: [{ fault: kill, target: stock, for: 2s }]
expect: [{ load: visitors, served: ">= 90%" }]
limits: { targets: [stock] }\n`,
    )
    const { status, stdout } = await world.run('drill', 'run', 'harmless')
    expect(stdout).toContain('undeclared-dependency')
    expect(stdout).toContain('which the model says look-around does not need')
    expect(status).toBe(1)
    expect(evidence().some((text) => text.includes('"code": "undeclared-dependency"'))).toBe(true)
  })

  it('knows nothing when its fault meets no traffic', async () => {
    changeModel('', '')
    world.writeDrill(
      'missed',
      `drill: missed\nproves: ["soft:web>shelf"]\n${DRILL}load: { health: { http: "GET http://\${host}:\${port.web}/ready", rate: 10/s } }
method: [{ fault: blackhole, target: "shop>stock", for: 1s }]
expect: [{ load: health, served: ">= 99%" }]
limits: { targets: ["shop>stock"] }\n`,
    )
    const { status, stdout } = await world.run('drill', 'run', 'missed')
    expect(stdout).toContain('UNKNOWN')
    expect(stdout).toContain('blackhole of shop>stock did not land: no traffic has met it')
    expect(status).toBe(1)
  })

  it('that would hit more than it declares is refused', async () => {
    world.writeDrill(
      'wide',
      `drill: wide\n${DRILL}${VISITORS}parameters: { target: shop.1 }
method: [{ fault: kill, target: "\${parameter.target}", for: 1s }]
expect: [{ load: visitors, served: ">= 90%" }]
limits: { targets: [shop.1] }\n`,
    )
    const { status, stderr } = await world.run('drill', 'run', 'wide', '--set', 'target=shop', '--dry-run')
    expect(stderr).toContain('wide.yaml:6:25 shop.2 would be hit, and limits allow only shop.1.')
    expect(status).toBe(2)
  })

  it('on a lab that is broken before the fault does not start', async () => {
    await world.breakPart('stock', 'freeze')
    const { status, stderr } = await world.run('drill', 'run', 'harmless')
    await world.mendPart()
    expect(stderr).toContain('The lab is not steady before the fault. Nothing was broken.')
    expect(status).toBe(3)
  })

  it('undoes everything when an abort condition comes true, and when it is interrupted', async () => {
    const text = (abort: string) => `drill: long\n${DRILL}${VISITORS}method: [{ fault: kill, target: web, for: 60s }]
expect: [{ load: visitors, served: ">= 90%" }]
${abort}limits: { targets: [web] }\n`
    world.writeDrill('long', text('abort: [{ load: visitors, failed: "> 50%", over: 1s }]\n'))
    const aborted = await world.run('drill', 'run', 'long')
    expect(aborted.stderr).toContain('aborted: ')
    expect(aborted.stdout).toContain('UNKNOWN')
    expect(aborted.status).toBe(3)
    world.writeDrill('long', text(''))
    const runner = world.begin('drill', 'run', 'long')
    let shown = ''
    runner.stderr?.on('data', (data) => {
      shown += data
    })
    await until('the fault landed', () => shown.includes(' landed: '), 60_000)
    const second = await world.run('drill', 'run', 'missed')
    expect(second.stderr).toContain('Another drill is at work on this lab')
    const ended = new Promise((resolve) => runner.once('close', resolve))
    runner.kill('SIGINT')
    expect(await ended).toBe(3)
    expect(world.journal()).toEqual([])
    await until('web is back', async () => (await world.status()).parts.every(({ state }) => state === 'ready'))
  })
})
