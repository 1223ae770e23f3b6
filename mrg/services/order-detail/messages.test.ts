import { describe, expect, it } from 'vitest'
import { type Known, messageFor, messageForDispatch } from '../../contracts/messages.ts'
import {
  type ChargeState,
  chargeMachine,
  type DispatchState,
  dispatchMachine,
  type OrderState,
  orderMachine,
  type PaymentState,
  paymentMachine,
} from '../../contracts/states.ts'

const driver = { name: 'Pak Budi', phone: '+6281200000' }
const vehicle = { plate: 'B 1234 XY', kind: 'sedan' }

/** `ACTIVE PAID/NOT_CHARGED EN_ROUTE`; `-` for what is not known. */
function known(text: string): Known {
  const [order, money = '-', taxi = '-'] = text.split(' ')
  const [state, charge] = money.split('/')
  return {
    order: { state: order as OrderState },
    payment: money === '-' ? null : { state: state as PaymentState, charge: (charge ?? 'NOT_CHARGED') as ChargeState },
    dispatch: taxi === '-' ? null : { state: taxi as DispatchState, driver, vehicle },
  }
}

const cases: readonly (readonly [given: string, id: RegExp, en: RegExp])[] = [
  ['CREATED', /sudah kami terima/, /received your order/],
  ['CREATED REQUEST_PAYMENT_LINK', /sedang disiapkan/, /being prepared/],
  ['CREATED WAITING_FOR_PAYMENT', /menunggu pembayaran/, /waiting for your payment/],
  ['CREATED PAID', /Pembayaran Anda sudah dikonfirmasi/, /payment is confirmed/],
  ['ACTIVE', /Pesanan Anda sudah dikonfirmasi/, /order is confirmed/],
  ['ACTIVE PAID PENDING_DISPATCH', /mencarikan pengemudi/, /looking for a driver/],
  ['ACTIVE PAID LOOKING_FOR_DRIVER', /mencarikan pengemudi/, /looking for a driver/],
  ['ACTIVE PAID DISPATCH_UNKNOWN', /tertunda.*belum memberi konfirmasi/, /delayed.*not confirmed it yet/],
  ['ACTIVE PAID MANUAL_QUEUE', /tertunda.*secara manual/, /delayed.*by hand/],
  ['ACTIVE PAID EN_ROUTE', /^Pak Budi sedang menuju.*B 1234 XY\.$/, /^Pak Budi is on the way.*B 1234 XY\.$/],
  ['ACTIVE PAID OFFLINE_DISPATCH', /Pak Budi.*B 1234 XY.*petugas kami/, /Pak Budi.*B 1234 XY.*our staff/i],
  ['ACTIVE PAID ON_TRIP', /dalam perjalanan/, /on your way/],
  ['ACTIVE PAID DROP_OFF', /sudah selesai/, /trip is over/],
  ['COMPLETED PAID/CHARGING DROP_OFF', /sudah selesai.*sedang diproses/, /trip is over.*being processed/],
  ['COMPLETED PAID/SUCCESS DROP_OFF', /sudah selesai.*sudah kami terima/, /trip is over.*received your payment/],
  ['COMPLETED PAID/FAILED DROP_OFF', /belum berhasil/, /not gone through yet/],
  ['COMPLETED REFUND_SUCCESS/SUCCESS DROP_OFF', /selesai.*dikembalikan/, /over.*refunded/],
  ['CREATED FAILED', /Pembayaran tidak berhasil.*tidak dikenai/, /payment did not succeed.*not been charged/],
  ['CANCELED', /dibatalkan.*akan dikembalikan/, /cancelled.*will be returned/],
  ['CANCELED WAITING_FOR_PAYMENT', /jika Anda baru saja membayar/, /if you have just paid/],
  ['CANCELED CANCELED CANCELED', /dibatalkan\. Anda tidak dikenai biaya\./, /cancelled\. You have not been charged\./],
  ['CANCELED PAID CANCELED', /sedang dilepaskan/, /is being released/],
  ['CANCELED PAID/SUCCESS CANCELED', /sudah ditagih akan dikembalikan/, /charged will be refunded/],
  ['FAILED CANCELED NO_TAXI', /tidak menemukan taksi.*tidak dikenai/, /could not find a taxi.*not been charged/],
  ['FAILED CANCELED TAXI_NO_SHOW', /tidak bertemu/, /did not meet/],
  ['FAILED PAID DISPATCH_FAILED', /tidak dapat kami penuhi/, /could not carry out/],
  ['FAILED CANCELED', /tidak dapat kami penuhi/, /could not carry out/],
  ['FAILED REQUEST_REFUND/SUCCESS NO_TAXI', /Pengembalian dana.*diproses/, /refund is being processed/],
  ['FAILED REFUND_SUCCESS/SUCCESS NO_TAXI', /sudah dikembalikan/, /has been refunded/],
  // News of the order lags behind the others'.
  ['CREATED - EN_ROUTE', /Pak Budi/, /Pak Budi/],
  ['ACTIVE PAID NO_TAXI', /tidak menemukan taksi.*dilepaskan/, /could not find a taxi.*released/],
  ['ACTIVE REQUEST_REFUND EN_ROUTE', /dibatalkan.*Pengembalian/, /cancelled.*refund/],
  // Nobody in a taxi is told that it does not come.
  ['ACTIVE CANCELED ON_TRIP', /^Anda sedang dalam perjalanan/, /^You are on your way/],
]

describe('messageFor', () => {
  it.each(cases)('%s', (given, id, en) => {
    const message = messageFor(known(given))
    expect(message.id).toMatch(id)
    expect(message.en).toMatch(en)
  })

  it('names nobody while driver or taxi is not known', () => {
    const nobody = { state: 'EN_ROUTE', driver: null, vehicle: null } as const
    expect(messageForDispatch(nobody)).toEqual({
      id: 'Pengemudi sedang menuju tempat penjemputan Anda.',
      en: 'A driver is on the way to your pick-up point.',
    })
  })

  it('never says that nothing was charged when something was', () => {
    for (const given of everyCombination()) {
      const { payment } = known(given)
      const wasCharged = payment?.charge === 'SUCCESS' && (payment.state === 'PAID' || payment.state.includes('REFUND'))
      if (wasCharged) expect(messageFor(known(given)).en, given).not.toMatch(/not been charged/)
    }
  })

  it('promises a taxi to nobody whose order is off', () => {
    for (const given of everyCombination().filter((text) => /^(CANCELED|FAILED)/.test(text)))
      expect(messageFor(known(given)).en, given).not.toMatch(/looking for|on the way|by hand|delayed/)
  })

  it('says something in both languages for every combination', () => {
    for (const given of everyCombination()) {
      const { id, en } = messageFor(known(given))
      expect(id.length, given).toBeGreaterThan(20)
      expect(en.length, given).toBeGreaterThan(20)
    }
  })
})

function everyCombination(): string[] {
  const charges = Object.keys(chargeMachine.moves)
  const money = Object.keys(paymentMachine.moves).flatMap((state) => charges.map((charge) => `${state}/${charge}`))
  const taxis = ['-', ...Object.keys(dispatchMachine.moves)]
  return Object.keys(orderMachine.moves).flatMap((order) =>
    ['-', ...money].flatMap((payment) => taxis.map((taxi) => `${order} ${payment} ${taxi}`)),
  )
}
