import { setTimeout as pause } from 'node:timers/promises'
import { unreachable } from '../../source/index.ts'
import type { Clock, Runner } from '../run/runner.ts'
import { askHttp, askPrometheus } from './ask-http.ts'
import { askSql } from './ask-sql.ts'
import { findLacking, runProcess } from './run-process.ts'

/** The runner that really acts. */
export function createRunner(): Runner {
  return {
    lacks: findLacking,
    run: (operation, options) => {
      const environment = { ...options.environment, ...(operation.kind === 'shell' ? operation.environment : {}) }
      switch (operation.kind) {
        case 'shell':
          return runProcess(['bash', '-euo', 'pipefail', '-c', operation.script], { ...options, environment })
        case 'command':
          return runProcess(operation.words, options)
        case 'sql':
          return askSql(operation, options)
        case 'http':
          return askHttp(operation, options)
        case 'promql':
          return askPrometheus(operation, options)
        default:
          return unreachable(operation)
      }
    },
  }
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: async (ms, signal) => {
    await pause(ms, undefined, { signal }).catch(() => undefined)
  },
}
