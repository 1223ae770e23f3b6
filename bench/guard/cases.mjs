import { createBreaker, Registry } from '@linchpin/guard'
import {
  bulkhead,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  handleAll,
  retry,
  SamplingBreaker,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import CircuitBreaker from 'opossum'

/** The dependency: it answers at once, so that everything measured is the policies. */
const answer = async () => 1
/** Keeps the signal it is given, or the compiler would see that nobody needs it and not make it. */
const kept = { signal: undefined }
const answerTo = async (signal) => {
  kept.signal = signal
  return 1
}
const madeBefore = new Error('refused')
const reject = async () => {
  throw madeBefore
}

const breaker = { window: '10s', failureRate: 0.5, minimumCalls: 10 }
const forcedOpen = { ...breaker, mode: 'forced-open' }
const fullStack = {
  deadline: '1s',
  idempotent: true,
  retry: { attempts: 3 },
  breaker,
  bulkhead: { concurrent: 100, queue: 10 },
}
const newGuard = (settings) => new Registry().guard('bench', settings)

const newOpossum = () =>
  new CircuitBreaker(answer, { errorThresholdPercentage: 50, volumeThreshold: 10, resetTimeout: 1e8 })
const newSampling = () => new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 5 })
const newCockatiel = (rule) => circuitBreaker(handleAll, { halfOpenAfter: 1e8, breaker: rule })
const newTimeout = () => timeout(1000, TimeoutStrategy.Aggressive)
const newRetry = () => retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(1) })
const openCockatiel = async () => {
  const policy = newCockatiel(new ConsecutiveBreaker(1))
  await policy.execute(reject).catch(() => undefined)
  return policy
}

/** Settles a rejection where it is made. */
const caught = (call) => () => call().then(null, () => 0)

/** Each makes one call that succeeds. The first is the base of the ratios. */
export const closedCases = {
  'bare awaited call': () => () => answer(),
  'opossum 9.0.0': () => {
    const policy = newOpossum()
    return () => policy.fire()
  },
  'cockatiel 3.2.1, breaker': () => {
    const policy = newCockatiel(newSampling())
    return () => policy.execute(answer)
  },
  'cockatiel 3.2.1, timeout + retry + breaker + bulkhead': () => {
    const policy = wrap(newTimeout(), newRetry(), newCockatiel(newSampling()), bulkhead(100, 10))
    return () => policy.execute(answer)
  },
  'guard, breaker': () => {
    const policy = createBreaker(breaker)
    return () => policy.run(answer)
  },
  'guard, breaker with slow calls': () => {
    const policy = createBreaker({ ...breaker, slowCall: '500ms', slowRate: 0.8 })
    return () => policy.run(answer)
  },
  'guard, full stack': () => {
    const guard = newGuard(fullStack)
    return () => guard.run(answer)
  },
  'guard, full stack, overall, fallback': () => {
    const guard = newGuard({ ...fullStack, overall: '5s', fallback: () => 0 })
    return () => guard.run(answer)
  },
  'new AbortController().signal and a bare call': () => () => answerTo(new AbortController().signal),
  'guard, full stack, signal read': () => {
    const guard = newGuard(fullStack)
    return () => guard.run((call) => answerTo(call.signal))
  },
}

/** Each makes one call that is refused. The first is the base of the ratios. */
export const openCases = {
  'bare rejected call': () => caught(reject),
  'opossum 9.0.0': () => {
    const policy = newOpossum()
    policy.open()
    return caught(() => policy.fire())
  },
  'cockatiel 3.2.1, breaker': async () => {
    const policy = await openCockatiel()
    return caught(() => policy.execute(answer))
  },
  // Without its retry, which would wait and ask the open breaker again.
  'cockatiel 3.2.1, timeout + breaker + bulkhead': async () => {
    const policy = wrap(newTimeout(), await openCockatiel(), bulkhead(100, 10))
    return caught(() => policy.execute(answer))
  },
  'guard, breaker': () => {
    const policy = createBreaker(forcedOpen)
    return caught(() => policy.run(answer))
  },
  'guard, full stack': () => {
    const guard = newGuard({ ...fullStack, breaker: forcedOpen })
    return caught(() => guard.run(answer))
  },
}
