import type { InstancePlan } from '../format/plan.ts'
import type { LinkProxy } from '../link/link-proxy.ts'
import { checkReady } from '../ready/check-ready.ts'

const LOOK_EVERY_MS = 2_000
const LOOK_WITHIN_MS = 1_000

interface Balanced {
  readonly instances: () => readonly InstancePlan[]
  readonly links: ReadonlyMap<string, LinkProxy>
}

/**
 * What a balancer does for parts with several instances: looks at each again and again, and has links pass over those
 * that are not ready, such as one that is frozen. Parts whose readiness is not an address are not looked at.
 */
export function balance({ instances, links }: Balanced): { stop(): void } {
  const unready = new Set<number>()
  const looking = new Set<string>()
  const timer = setInterval(() => {
    for (const instance of instances()) {
      const { name, part, ports, ready } = instance
      const followers = [...links.values()].filter(({ plan }) => plan.target === part && plan.targetPorts.length > 1)
      if (followers.length === 0 || looking.has(name) || (ready?.kind !== 'http' && ready?.kind !== 'tcp')) continue
      looking.add(name)
      const context = { log: '', logFrom: 0, folder: '', environment: {}, withinMs: LOOK_WITHIN_MS }
      void checkReady(ready, context).then((reason) => {
        looking.delete(name)
        for (const port of ports) reason === undefined ? unready.delete(port) : unready.add(port)
        for (const link of followers) link.passOver(unready)
      })
    }
  }, LOOK_EVERY_MS)
  return { stop: () => clearInterval(timer) }
}
