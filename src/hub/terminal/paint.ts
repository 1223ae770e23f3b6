import pc from 'picocolors'

/** Colours for a terminal, or none: text reads the same without them. */
export type Paint = ReturnType<typeof pc.createColors>

export function createPaint(isColour: boolean): Paint {
  return pc.createColors(isColour)
}

/** Reports fit this many columns. */
export const WIDTH = 100

/** Text cut or padded to exactly `width` columns; escape codes must be added afterwards. */
export function pad(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width)
}

export function padLeft(text: string, width: number): string {
  return text.padStart(width)
}

/** A heading in capitals with a line below. */
export function heading(text: string, paint: Paint): string[] {
  return [paint.bold(text.toUpperCase()), '═'.repeat(text.length)]
}

/** Words (a figure and its % are one) in lines of at most `width` columns: the first begins with `indent`, the later ones with `hanging`. */
export function wrap(text: string, width: number, indent: string, hanging = indent): string[] {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(/ (?!%)/)) {
    const isEmpty = line.trim() === ''
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = hanging + word
    } else line += isEmpty ? word : ` ${word}`
  }
  return [...lines, line]
}

/** 0.6 → `60 %`; small shares keep a digit. */
export function percent(share: number): string {
  const value = share * 100
  return `${value !== 0 && Math.abs(value) < 10 && !Number.isInteger(Number(value.toFixed(2))) ? value.toFixed(1) : Math.round(value)} %`
}

/** `1 record`, `2 records`. */
export function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`
}
