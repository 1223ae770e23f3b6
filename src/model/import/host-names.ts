import { wordsOf } from './image-kind.ts'

/** Words at the end of a variable's name after which a bare word is the name of a host. */
const HOST_WORDS = new Set(
  'host hosts hostname hostnames addr addrs address addresses url urls uri uris server servers endpoint endpoints seeds seed broker brokers node nodes dsn peers peer contact points upstream upstreams backend backends sentinel sentinels service svc origin connection'.split(
    ' ',
  ),
)
/** Words that may follow without changing that: `DB_HOST_READ`, `REDIS_HOST_1`. */
const QUALIFIERS = new Set(
  'read write reader writer primary replica master slave internal external default main'.split(' '),
)
/** Variables whose values look like `redis:7` and are no addresses. */
const NOT_ADDRESS = new Set('image images tag version'.split(' '))
/** Variables that say who may call, or where one listens oneself: `ALLOWED_HOSTS`, `LISTEN_ADDR`. */
const NOT_CALLED = new Set(
  'allowed allow trusted cors csrf virtual listen listener listeners bind advertise advertised whitelist whitelisted'.split(
    ' ',
  ),
)

/**
 * The host names that a value may refer to, as they are written, without port: from URLs with any scheme, lists of
 * host:port, connection strings, and bare words where the name of the variable suggests a host. Nothing is looked up;
 * the caller keeps the names that exactly match a host it knows.
 */
export function findHostNames(variable: string, value: string): string[] {
  const bare = suggestsHost(wordsOf(variable)) ? value.slice(0, LENGTH_MAX).split(/[\s,;|]+/) : []
  return unique([...findAddresses(variable, value), ...bare])
}

/** Only the host names that are written as part of an address: a URL, a connection string, host:port. */
export function findAddresses(variable: string, value: string): string[] {
  const words = wordsOf(variable)
  if (isNotCalled(words)) return []
  const text = value.slice(0, LENGTH_MAX)
  const isImage = words.some((word) => NOT_ADDRESS.has(word))
  return unique([...inUrls(text), ...inConnectionStrings(text), ...(isImage ? [] : inAddresses(text))])
}

function isNotCalled(words: readonly string[]): boolean {
  return words.some((word) => NOT_CALLED.has(word)) || words.join(' ') === 'hostname'
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names.map(cleanHost).filter((name) => HOST.test(name)))]
}

/** Whether the name of a variable, or of an option, says that its value is a host. */
function suggestsHost(words: readonly string[]): boolean {
  if (isNotCalled(words)) return false
  let last = words.length - 1
  while (last > 0 && (/^\d+$/.test(words[last] ?? '') || QUALIFIERS.has(words[last] ?? ''))) last--
  return HOST_WORDS.has(words[last] ?? '')
}

/** Longer values and items are no addresses; patterns that look back and forth stay quick on what is hostile. */
const LENGTH_MAX = 20_000
const ADDRESS_MAX = 300
const HOST = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i

/** `jdbc:postgresql://user@a:1,b:2/x` names a and b. */
function inUrls(text: string): string[] {
  return text
    .split(/[\s"'`<>]+|,(?=[a-z][a-z0-9+.-]*:\/\/)/i)
    .flatMap((piece) => [...piece.matchAll(/[a-z][a-z0-9+.-]{0,30}:\/\/([^/?#;)}\]]+)/gi)])
    .flatMap(([, authority = '']) => authority.slice(authority.lastIndexOf('@') + 1).split(','))
}

/** `user@tcp(db:3306)/x`, `host=db port=5432`, `Server=db;Database=x`, `thin:@db:1521`. */
function inConnectionStrings(text: string): string[] {
  const patterns = [
    /\(([\w.-]+:\d+)\)/g,
    /(?:^|[\s;])(?:host|hostname|server|data source|addr|address)\s*=\s*(?:tcp:)?([\w.-]+)/gi,
    /@([\w.-]+:\d+)/g,
  ]
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, host = '']) => host))
}

/** `es1:9200,es2:9200`; each item is an address as a whole, with a path at most. */
function inAddresses(text: string): string[] {
  return text
    .split(/[\s,;|"'`[\]]+/)
    .filter((item) => item.length <= ADDRESS_MAX)
    .flatMap((item) => /^(?:\d+:)?([a-z_][\w.-]*|\d+[\w-]*[a-z][\w.-]*):\d{2,5}(?:\/.*)?$/i.exec(item)?.[1] ?? [])
}

function cleanHost(name: string): string {
  return name.replace(/:\d*$/, '').replace(/\.$/, '')
}
