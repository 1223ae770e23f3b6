/** So much of an output is kept and shown; judgements look at all that was read. */
const OUTPUT_KEPT_MAX = 64 * 1024

// Terminal escapes: of a cursor and colours, of titles and links, of devices, and all shorter ones.
const ESCAPES = new RegExp(
  [
    String.raw`\u001b\[[0-?]*[ -/]*[@-~]`,
    String.raw`\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?`,
    String.raw`\u001b[PX^_][^\u001b]*(?:\u001b\\)?`,
    String.raw`\u001b[ -/]*[0-~]`,
  ].join('|'),
  'g',
)
/** Other controls, and what turns or hides text: zero widths, bidirectional marks. */
const CONTROLS = /(?![\n\t])[\p{Cc}\p{Cf}]/gu

/**
 * Text of others, safe to show: terminal escapes are gone, other controls are `·`; line ends and tabs stay. What is
 * beyond the limit is cut, and the end says so.
 */
export function cleanText(text: string, charactersMax = OUTPUT_KEPT_MAX): string {
  // Cut first, generously: cleaning megabytes to show kilobytes is for nothing.
  const head = text.slice(0, charactersMax * 4)
  const clean = head.replaceAll('\r\n', '\n').replaceAll(ESCAPES, '').replaceAll(CONTROLS, '·')
  if (clean.length <= charactersMax && head.length === text.length) return clean
  const kept = clean.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, '')
  return `${kept}\n… cut after ${charactersMax} characters`
}

/** Puts `‹name›` wherever one of the secret values stands. */
export function hideSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  const longestFirst = [...secrets].filter(([, value]) => value !== '').sort(([, a], [, b]) => b.length - a.length)
  return longestFirst.reduce((hidden, [name, value]) => hidden.replaceAll(value, `‹${name}›`), text)
}
