// What people see. The page comes without numbers when stock is silent; an order does not.
import { call, serve } from './serve.mjs'

const { SHOP } = process.env

serve({
  'GET /': async () => {
    const shelf = await call('GET', `${SHOP}/articles`).catch(() => ({ articles: 'unknown' }))
    return { welcome: 'The shop', ...shelf }
  },
  'POST /orders': async (wish) => ({ status: 201, ...(await call('POST', `${SHOP}/orders`, wish)) }),
})
