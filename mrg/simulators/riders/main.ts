import { readEnvironment } from '../../kernel/index.ts'
import { createRiders, ridersEnvironment } from './riders.ts'

const riders = await createRiders(readEnvironment(ridersEnvironment))
await riders.start()
