import { readEnvironment } from '../../kernel/index.ts'
import { createPriceManager, priceManagerEnvironment } from './price-manager.ts'

const priceManager = await createPriceManager(readEnvironment(priceManagerEnvironment))
await priceManager.start()
