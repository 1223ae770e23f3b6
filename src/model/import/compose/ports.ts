import { isPlainObject } from '../../../source/index.ts'
import { textAt } from '../untyped.ts'

export interface ComposePort {
  readonly target: string
  /** Undefined: Docker picks a free one. */
  readonly published: string | undefined
  /** The address of the host it is bound to; empty for all. */
  readonly address: string
  readonly protocol: string
}

/** `8080:80`, `127.0.0.1:8080:80/tcp`, `80`, or the long form; undefined for what is none of these. */
export function parsePort(value: unknown): ComposePort | undefined {
  if (isPlainObject(value)) {
    const target = textAt(value, 'target')
    if (target === undefined) return undefined
    const [published, address = '', protocol = 'tcp'] = ['published', 'host_ip', 'protocol'].map((key) =>
      textAt(value, key),
    )
    return { target, published, address, protocol }
  }
  const match = /^(?:(\[[^\]]*\]|[^:]*):)?(?:([\d-]*):)?([\d-]+)(?:\/(\w+))?$/.exec(textAt(value) ?? '')
  if (!match) return undefined
  const [, first, second, target = '', protocol = 'tcp'] = match
  const isAddress = first !== undefined && !/^[\d-]*$/.test(first)
  const published = second ?? (isAddress ? undefined : first)
  return { target, published: published || undefined, address: isAddress ? first : '', protocol }
}

/** Whether only the machine itself can reach it. */
export function isLoopback({ address }: ComposePort): boolean {
  return /^(127\.|localhost$|\[?::1\]?$)/.test(address)
}
