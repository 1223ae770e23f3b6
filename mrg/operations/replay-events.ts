// node mrg/dist/operations/replay-events.js [consumer …]: without a consumer it says how many events each could not
// handle; with one it sends those again. RABBITMQ says where the cluster is.
import { pino } from 'pino'
import { type Consumer, subscriptions } from '../contracts/event.ts'
import { readRabbitmqUrl } from '../kernel/events/rabbitmq-url.ts'
import { countDeadLetters, replayDeadLetters } from '../kernel/events/replay-dead-letters.ts'

const consumers = Object.keys(subscriptions) as Consumer[]
const wanted = process.argv.slice(2)
const address = readRabbitmqUrl(process.env.RABBITMQ ?? '')
const strangers = wanted.filter((name) => !consumers.includes(name as Consumer))
if (!address) stop('RABBITMQ must be amqp://user:password@host:port,host:port. Set it.')
if (strangers.length > 0) stop(`${strangers.join(', ')}: no such consumer. There are ${consumers.join(', ')}.`)

const log = pino({ level: 'error' }, pino.destination(2))
for (const consumer of wanted.length > 0 ? (wanted as Consumer[]) : consumers) {
  const options = { address, consumer, log }
  if (wanted.length > 0) process.stdout.write(`${consumer}: ${await replayDeadLetters(options)} sent again\n`)
  else process.stdout.write(`${consumer}: ${await countDeadLetters(options)} laid aside\n`)
}

function stop(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}
