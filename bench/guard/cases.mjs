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

const breakerSettings = { window: '10s', failureRate: 0.5, minimumCalls: 10 }
const fullStack = {
  deadline: '1s',
  idempotent: true,
  retry: { attempts: 3 },
  breaker: breakerSettings,
  bulkhead: { concurrent: 100, queue: 10 },
}

const cockatielBreaker = () =>
  circuitBreaker(handleAll, {
    halfOpenAfter: 1e8,
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 5 }),
  })
const cockatielTimeout = () => timeout(1000, TimeoutStrategy.Aggressive)
const cockatielRetry = () => retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(1) })
const newOpossum = () =>
  new CircuitBreaker(answer, { errorThresholdPercentage: 50, volumeThreshold: 10, resetTimeout: 1e8 })

/** Calls that succeed, by name. The first is the base of the ratios. */
export function closedCases() {
  const registry = new Registry()
  const opossum = newOpossum()
  const breaker = cockatielBreaker()
  const stack = wrap(cockatielTimeout(), cockatielRetry(), cockatielBreaker(), bulkhead(100, 10))
  const own = createBreaker(breakerSettings)
  const ownSlow = createBreaker({ ...breakerSettings, slowCall: '500ms', slowRate: 0.8 })
  const guard = registry.guard('full stack', fullStack)
  const guardWithFallback = registry.guard('with overall and fallback', {
    ...fullStack,
    overall: '5s',
    fallback: () => 0,
  })
  return {
    'bare awaited call': () => answer(),
    'opossum 9.0.0': () => opossum.fire(),
    'cockatiel 3.2.1, breaker': () => breaker.execute(answer),
    'cockatiel 3.2.1, timeout + retry + breaker + bulkhead': () => stack.execute(answer),
    'guard, breaker': () => own.run(answer),
    'guard, breaker with slow calls': () => ownSlow.run(answer),
    'guard, full stack': () => guard.run(answer),
    'guard, full stack, overall, fallback': () => guardWithFallback.run(answer),
    'new AbortController().signal and a bare call': () => answerTo(new AbortController().signal),
    'guard, full stack, signal read': () => guard.run((call) => answerTo(call.signal)),
  }
}

/** Calls that are refused, by name. The first is the base of the ratios. */
export async function openCases() {
  const opossum = newOpossum()
  opossum.open()
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: 1e8, breaker: new ConsecutiveBreaker(1) })
  await breaker.execute(reject).catch(() => undefined)
  // Without its retry, which would wait and ask the open breaker again.
  const stack = wrap(cockatielTimeout(), breaker, bulkhead(100, 10))
  const mode = 'forced-open'
  const own = createBreaker({ ...breakerSettings, mode })
  const guard = new Registry().guard('full stack', { ...fullStack, breaker: { ...breakerSettings, mode } })
  const caught = (call) => () => call().then(null, () => 0)
  return {
    'bare rejected call': caught(reject),
    'opossum 9.0.0': caught(() => opossum.fire()),
    'cockatiel 3.2.1, breaker': caught(() => breaker.execute(answer)),
    'cockatiel 3.2.1, timeout + breaker + bulkhead': caught(() => stack.execute(answer)),
    'guard, breaker': caught(() => own.run(answer)),
    'guard, full stack': caught(() => guard.run(answer)),
  }
}
