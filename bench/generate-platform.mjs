// A platform of any size from a seed: layers of services with fan-out 5, shared databases and caches, redundancy over
// three zones on pools of at most 12 hosts, 20 flows. Plain data in the shape of a system file.

const FLOWS = 20
const LAYERS = 6
const FAN_OUT = 5
const POOL_HOSTS = 12
const ZONES = ['zone-a', 'zone-b', 'zone-c']

export function generatePlatform(size, seed) {
  const random = createRandom(seed)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const components = Object.fromEntries(ZONES.map((zone) => [zone, { kind: 'zone' }]))
  const poolCount = Math.max(1, Math.round(size / 120))
  const pools = Array.from({ length: poolCount }, (_, pool) => addHosts(components, pool))
  const storeCount = Math.max(2, Math.round(size / 50))
  const databases = addStores(components, { kind: 'database', prefix: 'db', count: storeCount, pools, pick })
  const caches = addStores(components, { kind: 'cache', prefix: 'cache', count: storeCount, pools, pick })
  const serviceCount = Math.max(LAYERS, size - Object.keys(components).length)
  const layers = addServices(components, { serviceCount, pools, databases, caches, pick, random })
  const entries = Array.from({ length: FLOWS }, () => pick(layers[0]))
  const flows = Object.fromEntries(
    entries.map((entry, i) => [
      `flow-${i}`,
      { share: 1 / FLOWS, entry, objective: { rto: '5m', availability: 0.999 } },
    ]),
  )
  return { system: `generated-${size}-${seed}`, flows, components }
}

function addHosts(components, pool) {
  const hosts = Array.from({ length: POOL_HOSTS }, (_, i) => `host-${pool}-${i}`)
  hosts.forEach((host, i) => {
    components[host] = { kind: 'host', 'runs-on': ZONES[i % ZONES.length] }
  })
  return hosts
}

/** Two or three hosts of one pool in different zones. */
function placeOn(pool, count, pick) {
  const first = pool.indexOf(pick(pool))
  return Array.from({ length: count }, (_, i) => pool[(first + i) % pool.length])
}

function addStores(components, { kind, prefix, count, pools, pick }) {
  return Array.from({ length: count }, (_, i) => {
    const id = `${prefix}-${i}`
    components[id] = {
      kind,
      instances: 3,
      needs: 2,
      health: { ready: '/ready' },
      'runs-on': placeOn(pick(pools), 3, pick),
    }
    return id
  })
}

function addServices(components, { serviceCount, pools, databases, caches, pick, random }) {
  const layers = Array.from({ length: LAYERS }, () => [])
  for (let i = 0; i < serviceCount; i++) layers[Math.floor((i * LAYERS) / serviceCount)].push(`service-${i}`)
  layers.forEach((layer, depth) => {
    const below = layers.slice(depth + 1).flat()
    for (const id of layer) {
      const targets = new Set(below.length > 0 ? Array.from({ length: FAN_OUT - 2 }, () => pick(below)) : [])
      targets.add(pick(databases)).add(pick(caches))
      const instances = random() < 0.1 ? 1 : 2 + Math.floor(random() * 2)
      components[id] = {
        kind: 'service',
        instances,
        rollout: 'rolling',
        pool: 'private',
        health: { ready: '/ready' },
        'runs-on': placeOn(pick(pools), instances, pick),
        'depends-on': Object.fromEntries([...targets].map((target) => [target, dependOn(target, random)])),
      }
    }
  })
  return layers
}

function dependOn(target, random) {
  const guard = { deadline: '5s', breaker: true }
  if (target.startsWith('cache')) return { strength: random() < 0.7 ? 'soft' : 'hard', guard }
  if (target.startsWith('service') && random() < 0.2) return { strength: 'soft', guard }
  return { strength: 'hard', guard }
}

/** Mulberry32: small, fast, the same on every machine. */
function createRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
