import { askHttp } from './http-text.ts'

/** The value of a series of a service's metrics page; of several that match, or of several pages, their sum. */
export async function readMetric(
  series: string,
  { url, withinMs }: { url: string; withinMs: number },
): Promise<number> {
  const pages = await Promise.all(url.split(/\s+/).map((page) => readPage(series, page, withinMs)))
  return pages.flat().reduce((sum, value) => sum + value, 0)
}

async function readPage(series: string, url: string, withinMs: number): Promise<number[]> {
  const { status, body } = await askHttp(`GET ${url}`, withinMs)
  if (status !== 200) throw new Error(`${url} answers ${status}`)
  const values = findSeries(body, series)
  if (values.length === 0) throw new Error(`${url} has no series ${series}`)
  return values
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/

/**
 * The values of a Prometheus text whose name is that of `name{label="value"}` and whose labels include those.
 * Source: the text exposition format of Prometheus, version 0.0.4.
 */
export function findSeries(text: string, series: string): number[] {
  const [, name, wanted = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?$/.exec(series.trim()) ?? []
  const labels = readLabels(wanted)
  return text.split('\n').flatMap((line) => {
    const match = LINE.exec(line)
    if (!match || match[1] !== name) return []
    const own = new Map(readLabels(match[2] ?? ''))
    const value = match[3] === '+Inf' ? Number.POSITIVE_INFINITY : Number(match[3])
    return labels.every(([label, text]) => own.get(label) === text) && !Number.isNaN(value) ? [value] : []
  })
}

function readLabels(text: string): [string, string][] {
  return [...text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [
    label,
    value.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter)),
  ])
}
