/** Text from a model in a page: one line, and nothing in it that Markdown, HTML or a table would take for a mark. */
export function plain(text: string): string {
  return oneLine(text)
    .replaceAll('<', '&lt;')
    .replace(/[\\`*[\]|]/g, '\\$&')
}

/** The same where nothing is a mark but the end of the block: in fenced code. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('<!--', '<!-')
    .trim()
}

export function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``
}

/** A table; cells are Markdown already. Columns whose title ends with `:` are set to the right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = titles.map((title) => (title.endsWith(':') ? '---:' : '---'))
  return [line(titles.map((title) => title.replace(/:$/, ''))), line(rule), ...rows.map(line)].join('\n')
}

/** Names in one cell: all of few, the first of many. */
export function list(names: readonly string[], shown = 6): string {
  if (names.length === 0) return '–'
  if (names.length <= shown) return names.join(', ')
  return `${names.slice(0, shown - 1).join(', ')} and ${names.length - shown + 1} more`
}
