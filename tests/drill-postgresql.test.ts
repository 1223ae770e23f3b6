import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDrillWorld, type DrillWorld } from './drill-world.ts'

// A database is restarted for real, and asked by SQL before and after.

const LAB = `lab: data
parts: { db: { kind: postgresql, port: 7600, database: shop } }
`
const DRILL = `drill: db-restarts
lab: ../../lab.yaml
probes: { one: { sql: "select 1", url: "postgres://postgres@\${host}:\${port.db}/shop", every: 100ms, timeout: 1s } }
steady: [{ probe: one, is: 1 }]
method: [{ fault: restart, target: db, for: 1s }]
expect:
  - { while: mended, probe: one, is: 1 }
timing: { before: 500ms, after: 500ms }
limits: { targets: [db] }
`

let world: DrillWorld
beforeAll(async () => {
  world = await createDrillWorld(LAB)
  world.writeDrill('db-restarts', DRILL)
}, 120_000)
afterAll(() => world.dispose(), 60_000)

describe('a database', { timeout: 180_000 }, () => {
  it('is restarted by a drill that starts its lab', async () => {
    const { status, stdout, stderr } = await world.run('drill', 'run', 'db-restarts', '--format', 'json')
    expect(status, stderr).toBe(0)
    const { verdict, trials } = JSON.parse(stdout)
    expect(verdict).toBe('supported')
    expect(trials[0].landings).toMatchObject([{ fault: 'restart', target: 'db', isSeen: true }])
  })
})
