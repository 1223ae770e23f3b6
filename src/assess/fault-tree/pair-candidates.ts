import { lowestBit } from './lanes.ts'
import type { NodeId } from './network.ts'
import { PairSet } from './pair-set.ts'
import type { Pairs } from './pairs.ts'
import type { Survey } from './survey.ts'

export interface CandidateLimits {
  readonly topCount: number
  readonly pairsMax: number
  readonly candidatesMax: number
}

/** Pairs of events (by position) with, for each, the tops it is proved for and those it may still be a pair of. */
export class PairCandidates {
  /** Set when nothing more can be taken in: a limit was reached for every top. */
  isClosed = false
  readonly #survey: Survey
  readonly #limits: CandidateLimits
  readonly #pairs = new PairSet()
  #proved = new Int32Array(64)
  #doubted = new Int32Array(64)
  readonly #counts: Int32Array
  readonly #full: Int32Array

  constructor(survey: Survey, limits: CandidateLimits) {
    this.#survey = survey
    this.#limits = limits
    this.#counts = new Int32Array(limits.topCount)
    this.#full = new Int32Array(survey.topWords)
    this.isClosed = limits.topCount === 0
  }

  /** The gate is true with both events and with neither alone. Tops for which one is single are passed over. */
  offer(a: number, b: number, gate: number): void {
    const { reach, singleOf, impliedBy, topWords } = this.#survey
    let index = -1
    for (let word = 0; word < topWords && !this.isClosed; word++) {
      const singles = (singleOf[a * topWords + word] as number) | (singleOf[b * topWords + word] as number)
      const open = (reach[gate * topWords + word] as number) & ~singles & ~(this.#full[word] as number)
      if (open === 0) continue
      if (index < 0) index = this.#enter(a, b)
      if (index < 0) return
      const at = index * topWords + word
      const implied = open & (impliedBy[gate * topWords + word] as number)
      this.#doubted[at] = (this.#doubted[at] as number) | (open & ~implied)
      for (let bits = implied; bits !== 0; bits &= bits - 1) this.prove(index, (word << 5) + lowestBit(bits))
    }
  }

  /** The candidates that may be pairs of tops they are not proved for; those with the same such tops together. */
  listDoubts(): Int32Array {
    const doubts: number[] = []
    for (let index = 0; index < this.#pairs.count; index++) {
      if (this.doubtedTops([index]).some((word) => word !== 0)) doubts.push(index)
    }
    const { topWords } = this.#survey
    const sortKey = (index: number) =>
      (this.#doubted[index * topWords] as number) & ~(this.#proved[index * topWords] as number)
    return Int32Array.from(doubts.sort((a, b) => sortKey(a) - sortKey(b)))
  }

  /** The tops that any of these candidates may be a pair of without being proved. */
  doubtedTops(indices: ArrayLike<number>): Int32Array {
    const { topWords } = this.#survey
    const tops = new Int32Array(topWords)
    for (let i = 0; i < indices.length; i++) {
      for (let word = 0; word < topWords; word++) {
        const at = (indices[i] as number) * topWords + word
        tops[word] = (tops[word] as number) | ((this.#doubted[at] as number) & ~(this.#proved[at] as number))
      }
    }
    return tops
  }

  eventsAt(index: number): readonly [number, number] {
    return [this.#pairs.firsts[index] as number, this.#pairs.seconds[index] as number]
  }

  /** The pair makes the top true. Counts it unless that is known, or one of its events is single for the top. */
  prove(index: number, top: number): void {
    const { singleOf, topWords } = this.#survey
    const word = top >>> 5
    const bit = 1 << (top & 31)
    const [a, b] = this.eventsAt(index)
    const at = index * topWords + word
    const settled = (this.#proved[at] as number) | (singleOf[a * topWords + word] as number)
    if ((settled | (singleOf[b * topWords + word] as number)) & bit) return
    this.#proved[at] = (this.#proved[at] as number) | bit
    this.#counts[top] = (this.#counts[top] as number) + 1
    if ((this.#counts[top] as number) > this.#limits.pairsMax) this.#fill(top)
  }

  /** The pairs of one top, as events' ids. One more than `pairsMax` was kept, to know whether there are more. */
  pairsOf(top: number, idAt: Int32Array): Pairs {
    const { topWords } = this.#survey
    const kept = new PairSet()
    for (let index = 0; index < this.#pairs.count && kept.count < this.#limits.pairsMax; index++) {
      const [a, b] = this.eventsAt(index)
      if (((this.#proved[index * topWords + (top >>> 5)] as number) >>> (top & 31)) & 1) kept.append(a, b)
    }
    const isTruncated = (((this.#full[top >>> 5] as number) >>> (top & 31)) & 1) === 1
    return { events: sortedIds(kept, idAt), isTruncated }
  }

  /** The index of the candidate, or -1 if it is new and there is no room; then every top is full. */
  #enter(a: number, b: number): number {
    const known = this.#pairs.indexOf(Math.min(a, b), Math.max(a, b))
    if (known >= 0) return known
    if (this.#pairs.count >= this.#limits.candidatesMax) {
      for (let top = 0; top < this.#limits.topCount; top++) this.#fill(top)
      return -1
    }
    const { topWords } = this.#survey
    this.#pairs.add(Math.min(a, b), Math.max(a, b))
    if (this.#pairs.count * topWords > this.#proved.length) {
      this.#proved = doubled(this.#proved, topWords)
      this.#doubted = doubled(this.#doubted, topWords)
    }
    return this.#pairs.count - 1
  }

  #fill(top: number): void {
    this.#full[top >>> 5] = (this.#full[top >>> 5] as number) | (1 << (top & 31))
    const fullCount = this.#counts.filter((_, i) => ((this.#full[i >>> 5] as number) >>> (i & 31)) & 1).length
    this.isClosed = fullCount === this.#limits.topCount
  }
}

function sortedIds(pairs: PairSet, idAt: Int32Array): Int32Array {
  const stride = idAt.length
  const keys = new Float64Array(pairs.count)
  keys.forEach((_, i) => {
    const a = idAt[pairs.firsts[i] as number] as NodeId
    const b = idAt[pairs.seconds[i] as number] as NodeId
    keys[i] = Math.min(a, b) * stride + Math.max(a, b)
  })
  keys.sort()
  const ids = new Int32Array(2 * pairs.count)
  keys.forEach((key, i) => {
    ids[2 * i] = Math.floor(key / stride)
    ids[2 * i + 1] = key % stride
  })
  return ids
}

function doubled(values: Int32Array<ArrayBuffer>, atLeast: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * Math.max(values.length, atLeast))
  larger.set(values)
  return larger
}
