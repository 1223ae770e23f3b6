import { DURATION_PATTERN, parseDuration } from '../../source/index.ts'
import type { LinkFault } from '../link/one-way.ts'
import type { AppliedFault } from './fault.ts'

interface LinkFaultKind {
  readonly title: string
  readonly settings: Readonly<Record<string, string>>
  readonly make: (settings: Readonly<Record<string, string>>) => LinkFault
}

/** How each setting of a link's fault is written. */
export const LINK_SETTINGS: Readonly<Record<string, { readonly pattern: RegExp; readonly example: string }>> = {
  delay: { pattern: DURATION_PATTERN, example: 'delay=500ms' },
  jitter: { pattern: DURATION_PATTERN, example: 'jitter=100ms' },
  share: { pattern: /^(100|\d{1,2}(\.\d+)?)%$/, example: 'share=30%' },
  rate: { pattern: /^[1-9]\d*kB\/s$/, example: 'rate=64kB/s' },
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
  loss: {
    title: 'a share of new connections is reset',
    settings: { share: '50%' },
    make: ({ share = '' }) => ({ kind: 'loss', share: Number.parseFloat(share) / 100 }),
  },
  bandwidth: {
    title: 'bytes pass slowly, each way of each connection',
    settings: { rate: '1kB/s' },
    make: ({ rate = '' }) => ({ kind: 'bandwidth', bytesPerSecond: 1_000 * Number.parseInt(rate, 10) }),
  },
}

/** Those of the applied faults that a link has to show. */
export function linkFaultsOf(applied: readonly AppliedFault[], link: string): LinkFault[] {
  return applied
    .filter(({ target }) => target === link)
    .flatMap(({ fault, settings }) => LINK_FAULTS[fault]?.make(settings) ?? [])
}
