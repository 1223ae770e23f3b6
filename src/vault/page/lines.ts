import type { Position } from '../../source/index.ts'

/** Where each line of a text starts. A line ends as CommonMark says: `\n`, `\r\n` or `\r`. */
export interface Lines {
  /** Where line `index`, counted from 0, starts; the length of the text for every line after the last. */
  startOf(index: number): number
  positionOf(offset: number): Position
  readonly count: number
}

export function findLines(file: string, text: string): Lines {
  const starts = [0]
  for (const { index, 0: mark } of text.matchAll(/\r\n?|\n/g)) starts.push(index + mark.length)
  const lineAt = (offset: number): number => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
  return {
    count: starts.length,
    startOf: (index) => starts[index] ?? text.length,
    positionOf: (offset) => {
      const line = lineAt(offset)
      return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
    },
  }
}
