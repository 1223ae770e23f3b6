import { type Identity, isAlive } from '../process/identity.ts'

/** A fault in force. It is written to disk before it is applied, and removed after it was mended. */
export interface AppliedFault {
  /** An instance such as `stock.2`, or a link such as `shop>stock`. */
  readonly target: string
  readonly fault: string
  readonly settings: Readonly<Record<string, string>>
  readonly appliedAt: string
  /** The process that it was applied to: a fault inside a process ends with it. */
  readonly process: Identity | undefined
  /** It was done to what others run, and lasts until it is mended, whatever ends here. */
  readonly lasts?: true
}

/** Whether it still does harm: what was done inside a process ended with that process. */
export function isInForce({ fault, process, lasts }: AppliedFault): boolean {
  return (
    lasts === true ||
    process === undefined ||
    fault === 'kill' ||
    fault === 'deploy' ||
    fault === 'cut' ||
    isAlive(process)
  )
}
