import { spawn } from 'node:child_process'
import { request as httpRequest } from 'node:http'
import type { Call } from '../format/plan.ts'
import { fillInSettings, mapTexts } from '../format/variables.ts'

const CALL_WITHIN_MS = 10_000

interface CallContext {
  readonly settings: Readonly<Record<string, string>>
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
}

/** Asks a part to be bad, or to be good again. Throws when it does not agree. */
export function performCall(call: Call, context: CallContext): Promise<void> {
  return call.kind === 'http' ? callHttp(call, context) : callCommand(call, context)
}

function callHttp({ method, url, body }: Call & { kind: 'http' }, { settings }: CallContext): Promise<void> {
  const address = fillInSettings(url, settings)
  const text = body === undefined ? '' : JSON.stringify(mapTexts(body, (value) => fillInValue(value, settings)))
  return new Promise((resolve, reject) => {
    // A server may refuse an empty body that claims to be JSON.
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const headers = { ...type, 'content-length': Buffer.byteLength(text) }
    const request = httpRequest(address, { method, agent: false, headers }, (response) => {
      const { statusCode = 0 } = response
      response.resume()
      if (statusCode >= 200 && statusCode < 300) resolve()
      else reject(new Error(`${method} ${address} answers ${statusCode}`))
    })
    const timer = setTimeout(() => request.destroy(new Error('no answer')), CALL_WITHIN_MS)
    request.on('error', (error) => reject(new Error(`${method} ${address}: ${error.message}`)))
    request.on('close', () => clearTimeout(timer))
    request.end(text)
  })
}

/** A text that is nothing but a setting becomes the number or truth value that the setting writes. */
function fillInValue(text: string, settings: Readonly<Record<string, string>>): unknown {
  const filled = fillInSettings(text, settings)
  return /^\$\{setting\.[^}]*\}$/.test(text) && /^(-?\d+(\.\d+)?|true|false)$/.test(filled)
    ? JSON.parse(filled)
    : filled
}

function callCommand({ command }: Call & { kind: 'command' }, context: CallContext): Promise<void> {
  const [program = '', ...args] = command.map((word) => fillInSettings(word, context.settings))
  return new Promise((resolve, reject) => {
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: context.folder,
      env: context.environment,
      stdio: 'ignore',
      timeout: CALL_WITHIN_MS,
      killSignal: 'SIGKILL',
    })
    child.on('error', (error) => reject(new Error(`${program}: ${error.message}`)))
    child.on('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${command.join(' ')} ended with ${code ?? signal}`)),
    )
  })
}
