import { parseDuration } from '../../source/index.ts'
import type { LinkFault } from '../link/one-way.ts'
import type { AppliedFault } from './fault.ts'

interface LinkFaultKind {
  readonly title: string
  readonly settings: Readonly<Record<string, string>>
  readonly make: (settings: Readonly<Record<string, string>>) => LinkFault
}

/** What can be done to a link, with the settings of each and their defaults. */
export const LINK_FAULTS: Readonly<Record<string, LinkFaultKind>> = {
  latency: {
    title: 'answers arrive later',
    settings: { delay: '1s', jitter: '0s' },
    make: ({ delay = '', jitter = '' }) => ({
      kind: 'latency',
      delayMs: parseDuration(delay) ?? 0,
      jitterMs: parseDuration(jitter) ?? 0,
    }),
  },
  blackhole: {
    title: 'connections are accepted and nothing passes',
    settings: {},
    make: () => ({ kind: 'blackhole' }),
  },
  reset: { title: 'connections are reset', settings: {}, make: () => ({ kind: 'reset' }) },
  refuse: { title: 'connections are refused', settings: {}, make: () => ({ kind: 'refuse' }) },
}

/** Those of the applied faults that a link has to show. */
export function linkFaultsOf(applied: readonly AppliedFault[], link: string): LinkFault[] {
  return applied
    .filter(({ target }) => target === link)
    .flatMap(({ fault, settings }) => LINK_FAULTS[fault]?.make(settings) ?? [])
}
