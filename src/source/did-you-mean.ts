/**
 * The known name closest to a mistyped one, or undefined when none is close: at most a third of its letters changed.
 * Distance: optimal string alignment (Damerau-Levenshtein with adjacent swaps).
 */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > 4) continue
    const distance = measureDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return bestDistance <= Math.max(1, Math.floor(name.length / 3)) && bestDistance < name.length ? best : undefined
}

/** The end of a message: ` Did you mean "pricing"?`, or nothing. */
export function suggestion(name: string, known: Iterable<string>): string {
  const guess = didYouMean(name, known)
  return guess === undefined ? '' : ` Did you mean "${guess}"?`
}

function measureDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let distance = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1)
      row.push(distance)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
