// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of lab.yaml
import { describe, expect, it } from 'vitest'
import { readLab } from './read-lab.ts'

const postgresql = { binaries: '/pg/bin', dataFolder: '/pg/data', user: 'postgres' }
const setting = {
  postgresql,
  folder: '/lab',
  dataFolder: '/data',
  profile: undefined,
  portBase: 0,
  readText: (path: string) => (path === '/lab/a.conf' ? 'port = ${port}\n' : undefined),
  env: { TOKEN: 'secret' },
}
const read = (text: string, changes: Partial<typeof setting> | { profile: string } = {}) =>
  readLab({ file: 'lab.yaml', text }, { ...setting, ...changes })

function complaints(text: string, changes = {}): string[] {
  return read(text, changes).problems.map(({ where, message }) => `${where.line}:${where.column} ${message}`)
}

/** The only instance of the only part. */
function planOf(part: string) {
  const { plan, problems } = read(`lab: l\nparts:\n  p: ${part}\n`)
  expect(problems).toEqual([])
  return plan?.instances[0]
}

describe('a lab that is right', () => {
  it('has its variables filled in', () => {
    const instance = planOf(
      '{ command: [node, "${dir}/a.mjs"], port: 7100, environment: { A: "${host}:${port} ${data} ${instance} ${env.TOKEN} $${b}" } }',
    )
    expect(instance?.environment).toEqual({ A: '127.0.0.1:7100 /data/p 1 secret ${b}' })
    expect(instance?.command).toEqual(['node', '/lab/a.mjs'])
  })

  it('gives each instance ports of its own, all moved by the port base', () => {
    const { plan } = read(
      'lab: l\nparts:\n  p: { command: [a, "${port}", "${port.p.admin}"], port: 7100, ports: { admin: 7110 }, instances: 2 }\n  q: { command: [a, "${port.p}", "${link.p}"], links: { p: 7120 } }\n',
      { portBase: 100 },
    )
    expect(plan?.instances.map(({ name, command, ports }) => [name, command, ports])).toEqual([
      ['p.1', ['a', '7200', '7210'], [7200, 7210]],
      ['p.2', ['a', '7201', '7211'], [7201, 7211]],
      ['q', ['a', '7200', '7220'], []],
    ])
    expect(plan?.links).toEqual([{ name: 'q>p', caller: 'q', target: 'p', port: 7220, targetPorts: [7200, 7201] }])
  })

  it('gives parts that name a machine its address, those of the same name the same one', () => {
    const { plan } = read(
      'lab: l\nparts:\n  p: { command: [a, "${host}", "${host.q}", "${host.q.2}"], machine: m, instances: 2 }\n  q: { command: [a, "${host.p.2}"], machine: m, instances: 2 }\n  r: { command: [a, "${host}", "${host.p}"] }\n',
      { portBase: 300 },
    )
    expect(plan?.instances.map(({ name, command, machine }) => [name, command, machine?.address])).toEqual([
      ['p.1', ['a', '10.213.3.1', '10.213.3.1', '10.213.3.2'], '10.213.3.1'],
      ['p.2', ['a', '10.213.3.2', '10.213.3.2', '10.213.3.2'], '10.213.3.2'],
      ['q.1', ['a', '10.213.3.2'], '10.213.3.1'],
      ['q.2', ['a', '10.213.3.2'], '10.213.3.2'],
      ['r', ['a', '127.0.0.1', '10.213.3.1'], undefined],
    ])
    expect(plan?.machines.map(({ name }) => name)).toEqual(['m.1', 'm.2'])
  })

  it('means the instance on the same machine by the port of a part that shares it, and the first one elsewhere', () => {
    const { plan } = read(
      'lab: l\nparts:\n  p: { command: [a, "${port.q}", "${port.q.admin}", "${port.q.1}"], machine: m, instances: 3 }\n  q: { command: [a], port: 7200, ports: { admin: 7210 }, machine: m, instances: 2 }\n  r: { command: [a, "${port.q}"] }\n',
    )
    expect(plan?.instances.map(({ name, command }) => [name, ...command.slice(1)])).toEqual([
      ['p.1', '7200', '7210', '7200'],
      ['p.2', '7201', '7211', '7200'],
      ['p.3', '7200', '7210', '7200'],
      ['q.1'],
      ['q.2'],
      ['r', '7200'],
    ])
  })

  it('runs the parts of a profile, the first when none is named', () => {
    const text =
      'lab: l\nprofiles:\n  small: { parts: [a] }\n  large: { parts: [a, b], environment: { SIZE: 2 } }\nparts:\n  a: { command: [x], depends-on: [b] }\n  b: { command: [x] }\n'
    expect(read(text).plan?.instances.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([['a', []]])
    const { plan } = read(text, { profile: 'large' })
    expect(plan?.instances.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ['a', ['b']],
      ['b', []],
    ])
    expect(plan?.instances[0]?.environment).toEqual({ SIZE: '2' })
  })

  it('runs without some parts, and with as many of others as the profile wants', () => {
    const { plan } = read(
      'lab: l\nprofiles:\n  ha: { without: [a], instances: { b: 2 } }\nparts:\n  a: { command: [x] }\n  b: { command: [x, "${port.b.2}"], port: 7100, depends-on: [a] }\n',
    )
    expect(plan?.instances.map(({ name, command, dependsOn }) => [name, command, dependsOn])).toEqual([
      ['b.1', ['x', '7101'], []],
      ['b.2', ['x', '7101'], []],
    ])
  })

  it('gives what a profile says to verify too, which may say otherwise', () => {
    const text =
      'lab: l\nprofiles:\n  p: { environment: { A: 1, B: 1 } }\nparts:\n  a: { command: [x] }\nverify: { command: [x], environment: { B: 2 } }\n'
    expect(read(text).plan?.verify?.environment).toEqual({ A: '1', B: '2' })
  })

  it('takes the text of a file from another one', () => {
    const part = planOf('{ command: [x], port: 7100, files: { conf: { from: a.conf } } }')
    expect(part?.files).toEqual([{ path: 'conf', text: 'port = 7100\n' }])
  })

  it('keeps the data of another user where that user can go', () => {
    expect(planOf('{ command: [x], user: postgres }')?.dataFolder).toBe('/pg/data/p')
  })

  it('has figures that each instance is asked for', () => {
    const text =
      '{ command: [x], port: 7100, figures: { role: { http: "http://${host}:${port}/", field: "m.n=a-${instance}.role" } } }'
    expect(planOf(text)?.figures).toEqual([{ name: 'role', url: 'http://127.0.0.1:7100/', field: 'm.n=a-1.role' }])
  })

  it('has pages for people, each instance its own', () => {
    const pages = planOf('{ command: [x], port: 7100, pages: { The desk: "http://${host}:${port}/desk/" } }')?.pages
    expect(pages).toEqual([{ title: 'The desk', url: 'http://127.0.0.1:7100/desk/' }])
  })

  it('has a digest that follows its text and not the values of the environment', () => {
    const text = 'lab: l\nparts:\n  p: { command: [a, "${env.TOKEN}"] }\n'
    const digest = (changed: string, env: object) => read(changed, { env } as never).plan?.instances[0]?.digest
    expect(digest(text, { TOKEN: 'x' })).toBe(digest(text, { TOKEN: 'y' }))
    expect(digest(text, { TOKEN: 'x' })).not.toBe(digest(text.replace('[a', '[b'), { TOKEN: 'x' }))
  })
})

it('a part of kind postgresql is a server on loopback, made once', () => {
  const db = planOf('{ kind: postgresql, port: 7100, database: shop, settings: { max_connections: 20 } }')
  expect(db).toMatchObject({ user: 'postgres', dataFolder: '/pg/data/p', stop: { signal: 'SIGINT' } })
  expect(db?.command.slice(0, 7)).toEqual([
    '/pg/bin/postgres',
    '-D',
    '/pg/data/p/cluster',
    '-h',
    '127.0.0.1',
    '-p',
    '7100',
  ])
  expect(db?.command).toContain('max_connections=20')
  expect(db?.prepare?.unless).toBe('/pg/data/p/cluster')
})

describe('a lab that is wrong says where and what to do', () => {
  const cases: [string, string, string][] = [
    [
      'a key that does not exist',
      'lab: l\nparts:\n  p: { comand: [a] }',
      '3:8 "comand" is not a key here. Did you mean "command"?',
    ],
    ['no command', 'lab: l\nparts:\n  p: {}', '3:3 The part has no command. Add the key command.'],
    [
      'an unknown part',
      'lab: l\nparts:\n  stock: { command: [a] }\n  p: { command: [a], depends-on: [stok] }',
      '4:35 "stok" is not a part. Did you mean "stock"?',
    ],
    [
      'a circle',
      'lab: l\nparts:\n  a: { command: [x], depends-on: [b] }\n  b: { command: [x], depends-on: [a] }',
      '3:22 The parts wait for each other: a → b → a.',
    ],
    [
      'an unknown variable',
      'lab: l\nparts:\n  p: { command: [a, "${prot}"], port: 7100 }',
      '3:21 "${prot}" is not a variable here. Did you mean "port"?',
    ],
    [
      'a variable of the environment that is not set',
      'lab: l\nparts:\n  p: { command: [a], environment: { A: "${env.NOTHING}" } }',
      '3:37 The environment variable NOTHING is not set.',
    ],
    [
      'a secret in a file',
      'lab: l\nparts:\n  p: { command: [a], files: { a.conf: "${env.TOKEN}" } }',
      '3:31 "${env.TOKEN}" may be a secret and is not written to a file.',
    ],
    [
      'a file outside',
      'lab: l\nparts:\n  p: { command: [a], files: { ../a: x } }',
      `3:31 "../a" lies outside the part's data folder.`,
    ],
    [
      'a port twice',
      'lab: l\nparts:\n  p: { command: [a], port: 7100, instances: 2 }\n  q: { command: [a], port: 7101 }',
      '4:22 Port 7101 of q is that of p.2 too.',
    ],
    [
      'a port of the system',
      'lab: l\nparts:\n  p: { command: [a], port: 40000 }',
      '3:22 Port 40000 lies in 32768-60999',
    ],
    [
      'two readiness checks',
      'lab: l\nparts:\n  p: { command: [a], ready: { tcp: "1", log: x } }',
      '3:22 "ready" must have exactly one of',
    ],
    [
      'a setting without default',
      'lab: l\nparts:\n  p: { command: [a], faults: { slow: { apply: { http: "PUT http://h/${setting.ms}" }, mend: { http: "PUT http://h" } } } }',
      '3:40 "${setting.ms}" has no default.',
    ],
    [
      'a link to a machine',
      'lab: l\nparts:\n  p: { command: [a], port: 7100, machine: m }\n  q: { command: [a], links: { p: 7110 } }',
      '4:31 The part "p" runs on a machine of its own, which is cut off itself. Remove the link.',
    ],
    [
      'a built-in fault',
      'lab: l\nparts:\n  p: { command: [a], faults: { kill: { apply: { http: u }, mend: { http: u } } } }',
      '3:32 Every part has the fault "kill" already.',
    ],
    [
      'a profile with parts and without',
      'lab: l\nprofiles:\n  p: { parts: [a], without: [a] }\nparts:\n  a: { command: [x] }',
      '3:3 "p" must have parts or without, not both',
    ],
    [
      'a profile that counts what is not there',
      'lab: l\nprofiles:\n  p: { instances: { stok: 2 } }\nparts:\n  stock: { command: [x] }',
      '3:21 "stok" is not a part. Did you mean "stock"?',
    ],
    [
      'a file that cannot be read',
      'lab: l\nparts:\n  p: { command: [a], files: { conf: { from: b.conf } } }',
      '3:39 The file b.conf cannot be read',
    ],
    [
      'a figure that is asked for nowhere',
      'lab: l\nparts:\n  p: { command: [a], figures: { role: { http: "x", field: r } } }',
      '3:41 "x" is not an http URL.',
    ],
    [
      'a page that is a script',
      'lab: l\nparts:\n  p: { command: [a], pages: { Desk: "javascript:alert(1)" } }',
      '3:31 "javascript:alert(1)" is not an http URL.',
    ],
    ['no lab at all', '- a\n', '1:1 This is not a lab'],
    ['no YAML', 'lab: [', '1:7 '],
  ]
  for (const [name, text, message] of cases)
    it(name, () => {
      const found = complaints(text)
      expect(
        found.some((complaint) => complaint.startsWith(message)),
        `${found.join('\n')}\n${message}`,
      ).toBe(true)
    })

  it('an unknown profile', () => {
    const text = 'lab: l\nprofiles:\n  small: { parts: [p] }\nparts:\n  p: { command: [a] }\n'
    expect(complaints(text, { profile: 'smal' })).toEqual(['2:1 The lab has no profile "smal". Did you mean "small"?'])
  })

  it('a port base that moves a port where the system takes it', () => {
    expect(complaints('lab: l\nparts:\n  p: { command: [a], port: 7100 }', { portBase: 30_000 })).toEqual([
      '3:22 Port 37100 (7100 + LINCHPIN_PORT_BASE 30000) lies in 32768-60999, which the system uses itself. Choose one outside.',
    ])
  })

  it('everything at once, in reading order', () => {
    const text = 'lab: l\nparts:\n  a: { command: [x, "${no}"], port: 40000 }\n  b: { command: [x, "${nor}"] }\n'
    expect(complaints(text).map((complaint) => complaint.slice(0, 4))).toEqual(['3:21', '3:31', '4:21'])
  })
})
