import { readEnvironment } from '../../kernel/index.ts'
import { bbdEnvironment, createBbd } from './bbd.ts'

const bbd = await createBbd(readEnvironment(bbdEnvironment))
await bbd.start()
