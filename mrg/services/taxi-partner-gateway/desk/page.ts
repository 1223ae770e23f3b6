import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type App, mrgFolder } from '../../../kernel/index.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const HEADERS = {
  // Nothing from elsewhere, nothing inline, and no text that becomes markup.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
}

/** The page, from the folder `console`: the one thing of the desk that needs no token. Read once, at the start. */
export function addPage(app: App): void {
  const folder = join(mrgFolder, 'console')
  app.get('/desk', { schema: { hide: true } }, (_request, reply) => reply.redirect('desk/', 308))
  for (const name of readdirSync(folder)) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const content = readFileSync(join(folder, name))
    const path = name === 'index.html' ? '/desk/' : `/desk/${name}`
    app.get(path, { schema: { hide: true } }, (_request, reply) => reply.headers(HEADERS).type(type).send(content))
  }
}
