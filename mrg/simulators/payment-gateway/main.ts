import { readEnvironment } from '../../kernel/index.ts'
import { createPaymentGateway, paymentGatewayEnvironment } from './payment-gateway.ts'

const paymentGateway = await createPaymentGateway(readEnvironment(paymentGatewayEnvironment))
await paymentGateway.start()
