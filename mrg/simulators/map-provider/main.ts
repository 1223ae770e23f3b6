import { readEnvironment } from '../../kernel/index.ts'
import { createMapProvider, mapProviderEnvironment } from './map-provider.ts'

const mapProvider = await createMapProvider(readEnvironment(mapProviderEnvironment))
await mapProvider.start()
