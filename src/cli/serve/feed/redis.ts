import { connect } from 'node:net'
import { NO_ANSWER } from './ask.ts'

const ASK_WITHIN_MS = 1_500
const BYTES_MAX = 1024 * 1024
const DEPTH_MAX = 4

export type Reply = string | null | readonly Reply[]

/** Sends commands to a server that speaks Redis' protocol, and gives their replies; throws the first error among them. */
export type AskRedis = (address: string, commands: readonly (readonly string[])[]) => Promise<readonly Reply[]>

export const askRedis: AskRedis = (address, commands) =>
  new Promise((resolve, reject) => {
    const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? []
    const socket = connect({ host, port: Number(port) })
    const end = (finish: () => void) => {
      clearTimeout(timer)
      socket.destroy()
      finish()
    }
    const timer = setTimeout(() => end(() => reject(new Error(NO_ANSWER))), ASK_WITHIN_MS)
    let text = Buffer.alloc(0)
    socket.on('connect', () => socket.write(commands.map(encode).join('')))
    socket.on('error', (error) => end(() => reject(error)))
    socket.on('close', () => end(() => reject(new Error('hung up'))))
    socket.on('data', (chunk) => {
      text = Buffer.concat([text, chunk])
      if (text.length > BYTES_MAX) return end(() => reject(new Error('answers too much')))
      try {
        const replies = readReplies(text, commands.length)
        if (replies) end(() => resolve(replies))
      } catch (error) {
        end(() => reject(error))
      }
    })
  })

export function isTexts(reply: Reply | undefined): reply is readonly string[] {
  return Array.isArray(reply) && reply.every((item) => typeof item === 'string')
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

/** Undefined while some have not arrived whole. Source: the specification of RESP, version 2. */
export function readReplies(bytes: Buffer, count: number): readonly Reply[] | undefined {
  const cursor = { at: 0 }
  const replies: Reply[] = []
  while (replies.length < count) {
    const reply = readReply(bytes, cursor, 0)
    if (reply === undefined) return undefined
    replies.push(reply)
  }
  return replies
}

function readReply(bytes: Buffer, cursor: { at: number }, depth: number): Reply | undefined {
  const end = bytes.indexOf('\r\n', cursor.at)
  if (end < 0) return undefined
  const kind = String.fromCharCode(bytes[cursor.at] ?? 0)
  const head = bytes.toString('utf8', cursor.at + 1, end)
  cursor.at = end + 2
  switch (kind) {
    case '+':
    case ':':
      return head
    case '-':
      throw new Error(head)
    case '$':
      return readText(bytes, cursor, Number(head))
    case '*':
      return readList(bytes, cursor, { length: Number(head), depth })
    default:
      throw new Error('does not speak the protocol of Redis')
  }
}

function readText(bytes: Buffer, cursor: { at: number }, length: number): string | null | undefined {
  if (length < 0) return null
  if (bytes.length < cursor.at + length + 2) return undefined
  const text = bytes.toString('utf8', cursor.at, cursor.at + length)
  cursor.at += length + 2
  return text
}

function readList(
  bytes: Buffer,
  cursor: { at: number },
  { length, depth }: { length: number; depth: number },
): readonly Reply[] | null | undefined {
  if (length < 0) return null
  if (depth === DEPTH_MAX) throw new Error('does not speak the protocol of Redis')
  const items: Reply[] = []
  while (items.length < length) {
    const item = readReply(bytes, cursor, depth + 1)
    if (item === undefined) return undefined
    items.push(item)
  }
  return items
}
