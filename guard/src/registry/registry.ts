import { EventHub, type GuardListener } from '../events.ts'
import { Guard, type GuardContext } from '../guard.ts'
import type { GuardDescription } from '../guard-description.ts'
import { differingSetting } from '../settings/difference.ts'
import { GuardConfigError } from '../settings/guard-config-error.ts'
import { type GuardRules, type GuardSettings, readGuardSettings } from '../settings/guard-settings.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { type ConfigFunctions, type GuardsConfig, readConfig } from './config.ts'

export interface RegistryOptions {
  /** Default: the monotonic clock of the platform. */
  readonly clock?: Clock
  /** From 0 to 1; spreads retries. Default `Math.random`. */
  readonly random?: () => number
}

export interface RegistryDescription {
  readonly guards: readonly GuardDescription[]
}

// biome-ignore lint/suspicious/noExplicitAny: guards of every input and answer live in one registry.
type AnyGuard = Guard<any, any>

/** The guards of one process, by name. */
export class Registry {
  readonly #context: GuardContext
  readonly #guards = new Map<string, { guard: AnyGuard; rules: GuardRules }>()

  constructor(options: RegistryOptions = {}) {
    this.#context = {
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      events: new EventHub(),
    }
  }

  /**
   * The guard called `name`, made with `settings`. Asking again with the same settings gives the same guard.
   * Throws `GuardConfigError` if the settings are wrong, or differ from those the name already has.
   */
  // biome-ignore lint/suspicious/noExplicitAny: without an annotation the input of a fallback is whatever callers give.
  guard<Input = any, Answer = never>(name: string, settings: GuardSettings<Input, Answer>): Guard<Input, Answer> {
    return this.#add(name, readGuardSettings(name, settings))
  }

  get(name: string): AnyGuard | undefined {
    return this.#guards.get(name)?.guard
  }

  [Symbol.iterator](): Iterator<AnyGuard> {
    return [...this.#guards.values()].map(({ guard }) => guard).values()
  }

  /**
   * Makes the guards of a configuration, whose functions are named and looked up in `functions`; returns them by name.
   * Throws one `GuardConfigError` with every mistake of every guard, and then makes none.
   */
  fromConfig(config: GuardsConfig, functions: ConfigFunctions = {}): ReadonlyMap<string, AnyGuard> {
    const checked = readConfig(config, functions)
    for (const [name, rules] of checked) this.#rejectOtherSettings(name, rules)
    return new Map(checked.map(([name, rules]) => [name, this.#add(name, rules)]))
  }

  /** The guards as they are wired at this moment: dependency, policies, settings, state, counters. Plain JSON. */
  describe(): RegistryDescription {
    return { guards: [...this].map((guard) => guard.describe()) }
  }

  /** Tells `listener` about every attempt and every change of a breaker; returns the function that ends it. */
  subscribe(listener: GuardListener): () => void {
    return this.#context.events.subscribe(listener)
  }

  #add(name: string, rules: GuardRules): AnyGuard {
    this.#rejectOtherSettings(name, rules)
    const known = this.#guards.get(name)
    if (known !== undefined) return known.guard
    const guard: AnyGuard = new Guard(name, rules, this.#context)
    this.#guards.set(name, { guard, rules })
    return guard
  }

  #rejectOtherSettings(name: string, rules: GuardRules): void {
    const known = this.#guards.get(name)
    const setting = known && differingSetting(known.rules, rules)
    if (setting === undefined) return
    throw new GuardConfigError([
      {
        guard: name,
        setting,
        allowed: 'what it is in the guard of that name that exists already',
        found: 'another value',
      },
    ])
  }
}

/** The registry of this process. */
export const registry = new Registry()

/** The guard called `name` in the registry of this process, see `Registry.guard`. */
// biome-ignore lint/suspicious/noExplicitAny: see Registry.guard.
export function guard<Input = any, Answer = never>(
  name: string,
  settings: GuardSettings<Input, Answer>,
): Guard<Input, Answer> {
  return registry.guard(name, settings)
}
