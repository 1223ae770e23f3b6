import { connect } from 'node:net'

const ANSWER_MAX = 256 * 1024

/** What a Redis or a Sentinel says to INFO, as plain data; undefined when it says nothing in time. */
export function askRedis(url: string, withinMs: number): Promise<Record<string, unknown> | undefined> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) })
    const timer = setTimeout(() => socket.destroy(), withinMs)
    let text = ''
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write('INFO\r\n'))
    socket.on('data', (piece: string) => {
      text += piece
      const answer = readBulk(text)
      if (answer !== undefined) resolve(readInfo(answer))
      if (answer !== undefined || text.length > ANSWER_MAX) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(undefined)
    })
  })
}

/** The text of a bulk string (`$length`, then the text), once it is there as a whole; INFO is plain ASCII. */
function readBulk(text: string): string | undefined {
  const [head = '', length] = /^\$(\d+)\r\n/.exec(text) ?? []
  if (length === undefined || text.length < head.length + Number(length)) return undefined
  return text.slice(head.length, head.length + Number(length))
}

/** Lines of `name:value`, where a value such as `status=ok,slaves=1` is read as fields of its own. */
export function readInfo(text: string): Record<string, unknown> {
  const lines = text.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = line, value = ''] = /^([^:]+):(.*)$/.exec(line) ?? []
      return [name, /^\w+=/.test(value) ? readFields(value) : value]
    }),
  )
}

function readFields(text: string): Record<string, string> {
  return Object.fromEntries(text.split(',').map((field) => [field.split('=')[0], field.slice(field.indexOf('=') + 1)]))
}
