import { readEnvironment } from '../../kernel/index.ts'
import { createMessaging, messagingEnvironment } from './messaging.ts'

const messaging = await createMessaging(readEnvironment(messagingEnvironment))
await messaging.start()
