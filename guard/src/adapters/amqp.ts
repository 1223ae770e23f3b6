import { BrokenConnectionError, type Guard, type RunOptions } from '../index.ts'

/** The part of `amqplib`'s ConfirmChannel that is used. */
export interface ConfirmChannelLike<PublishOptions> {
  publish(
    exchange: string,
    routingKey: string,
    content: Uint8Array,
    options: PublishOptions | undefined,
    onConfirm: (error: unknown) => void,
  ): boolean
}

export interface OutgoingMessage<PublishOptions> {
  readonly exchange: string
  readonly routingKey: string
  readonly content: Uint8Array
  readonly options?: PublishOptions
}

/**
 * Publishing through `guard`: a message counts as sent when the broker has confirmed it. A channel that closes before
 * that leaves it unknown whether the broker has it: consumers that drop duplicates by message id make a guard
 * `idempotent`.
 */
export function guardedPublish<PublishOptions>(
  guard: Guard<OutgoingMessage<PublishOptions>, void>,
  channel: ConfirmChannelLike<PublishOptions>,
): (message: OutgoingMessage<PublishOptions>, options?: RunOptions) => Promise<void> {
  return (message, options) =>
    guard.run(
      () =>
        new Promise<void>((resolve, reject) => {
          const { exchange, routingKey, content } = message
          channel.publish(exchange, routingKey, content, message.options, (error) => {
            if (error === null || error === undefined) resolve()
            else
              reject(isChannelLost(error) ? new BrokenConnectionError({ dependency: guard.name, cause: error }) : error)
          })
        }),
      { ...options, input: message },
    )
}

/** Otherwise the broker has refused the message, and does not have it. */
function isChannelLost(error: unknown): boolean {
  const { message } = error as { message?: unknown }
  return typeof message === 'string' && /channel closed|connection closed/i.test(message)
}
