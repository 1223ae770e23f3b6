import type { Dispatch, Message, Order, Payment } from './booking.ts'

/** What is known of an order. Null: nothing has been heard of it (yet). */
export interface Known {
  readonly order: Pick<Order, 'state'>
  readonly payment: Pick<Payment, 'state' | 'charge'> | null
  readonly dispatch: Taxi | null
}
type Taxi = Pick<Dispatch, 'state' | 'driver' | 'vehicle'>

/**
 * What the rider of an order is told, in Indonesian and English: what becomes of the taxi, and of the money where that
 * is not plain. It never says more than is known: news of order, payment and taxi come from three services, in any
 * order.
 */
export function messageFor(known: Known): Message {
  const { order, payment, dispatch } = known
  if (order.state === 'COMPLETED') return join(texts.arrived, moneyOfRide(payment))
  if (isRide(dispatch, order)) return join(taxiText(dispatch), moneyOfRide(payment))
  if (isUndone(known)) return join(whyUndone(known), moneyOfUndone(payment))
  if (dispatch) return taxiText(dispatch)
  return order.state === 'ACTIVE' ? texts.confirmed : beforeTheTaxi(payment)
}

/** The same for somebody who knows of the taxi alone. */
export function messageForDispatch(dispatch: Taxi): Message {
  return messageFor({ order: { state: 'ACTIVE' }, payment: null, dispatch })
}

/** Whoever sits in the taxi, or did, is not told that the order is off, whatever becomes of the money. */
function isRide(dispatch: Taxi | null, order: Known['order']): dispatch is Taxi {
  return dispatch?.state === 'DROP_OFF' || (dispatch?.state === 'ON_TRIP' && order.state === 'ACTIVE')
}

const UNDONE_DISPATCH: readonly Dispatch['state'][] = ['NO_TAXI', 'TAXI_NO_SHOW', 'CANCELED', 'DISPATCH_FAILED']
const UNDONE_PAYMENT: readonly Payment['state'][] = ['FAILED', 'CANCELED', 'REQUEST_REFUND', 'REFUND_SUCCESS']

function isUndone({ order, payment, dispatch }: Known): boolean {
  if (order.state === 'CANCELED' || order.state === 'FAILED') return true
  if (dispatch && UNDONE_DISPATCH.includes(dispatch.state)) return true
  return payment !== null && UNDONE_PAYMENT.includes(payment.state)
}

function whyUndone({ order, payment, dispatch }: Known): Message {
  if (dispatch && UNDONE_DISPATCH.includes(dispatch.state)) return taxiText(dispatch)
  if (payment?.state === 'FAILED') return texts.paymentFailed
  return order.state === 'FAILED' ? texts.notDispatched : texts.canceled
}

function moneyOfUndone(payment: Known['payment']): Message {
  if (payment === null) return texts.wouldBeReturned
  switch (payment.state) {
    case 'FAILED':
    case 'CANCELED':
      return texts.notCharged
    case 'REQUEST_PAYMENT_LINK':
    case 'WAITING_FOR_PAYMENT':
      return texts.notPaid
    case 'PAID':
      return payment.charge === 'NOT_CHARGED' ? texts.holdBeingReleased : texts.wouldBeRefunded
    case 'REQUEST_REFUND':
      return texts.refundUnderWay
    case 'REFUND_SUCCESS':
      return texts.refunded
  }
}

/** Null where there is nothing to add: it is not known, or still to come. */
function moneyOfRide(payment: Known['payment']): Message | null {
  if (payment?.state === 'REQUEST_REFUND') return texts.refundUnderWay
  if (payment?.state === 'REFUND_SUCCESS') return texts.refunded
  if (payment?.state !== 'PAID') return null
  switch (payment.charge) {
    case 'NOT_CHARGED':
      return null
    case 'CHARGING':
      return texts.charging
    case 'SUCCESS':
      return texts.charged
    case 'FAILED':
      return texts.chargeFailed
  }
}

function beforeTheTaxi(payment: Known['payment']): Message {
  if (payment === null) return texts.received
  if (payment.state === 'PAID') return texts.paid
  return payment.state === 'WAITING_FOR_PAYMENT' ? texts.waitingForPayment : texts.preparingPayment
}

function taxiText(taxi: Taxi): Message {
  switch (taxi.state) {
    case 'PENDING_DISPATCH':
    case 'LOOKING_FOR_DRIVER':
      return texts.lookingForDriver
    case 'DISPATCH_UNKNOWN':
      return texts.unconfirmed
    case 'MANUAL_QUEUE':
      return texts.byHand
    case 'OFFLINE_DISPATCH':
      return join(onTheWay(taxi), texts.noPosition)
    case 'EN_ROUTE':
      return onTheWay(taxi)
    case 'ON_TRIP':
      return texts.onTrip
    case 'DROP_OFF':
      return texts.arrived
    case 'NO_TAXI':
      return texts.noTaxi
    case 'TAXI_NO_SHOW':
      return texts.noShow
    case 'CANCELED':
      return texts.canceled
    case 'DISPATCH_FAILED':
      return texts.notDispatched
  }
}

function onTheWay({ driver, vehicle }: Taxi): Message {
  const who = driver ? { id: driver.name, en: driver.name } : { id: 'Pengemudi', en: 'A driver' }
  const what = vehicle ? { id: ` dengan taksi ${vehicle.plate}`, en: ` in taxi ${vehicle.plate}` } : { id: '', en: '' }
  return {
    id: `${who.id} sedang menuju tempat penjemputan Anda${what.id}.`,
    en: `${who.en} is on the way to your pick-up point${what.en}.`,
  }
}

function join(first: Message, second: Message | null): Message {
  return second ? { id: `${first.id} ${second.id}`, en: `${first.en} ${second.en}` } : first
}

const texts = {
  // Before there is a taxi.
  received: {
    id: 'Pesanan Anda sudah kami terima dan sedang diproses.',
    en: 'We have received your order and are working on it.',
  },
  preparingPayment: { id: 'Pembayaran Anda sedang disiapkan.', en: 'Your payment is being prepared.' },
  waitingForPayment: {
    id: 'Kami menunggu pembayaran Anda. Begitu pembayaran berhasil, kami langsung mencarikan taksi.',
    en: 'We are waiting for your payment. As soon as it succeeds, we will look for a taxi.',
  },
  paid: {
    id: 'Pembayaran Anda sudah dikonfirmasi. Kami segera mencarikan taksi.',
    en: 'Your payment is confirmed. We are about to look for a taxi.',
  },
  confirmed: {
    id: 'Pesanan Anda sudah dikonfirmasi. Kabar tentang taksi Anda segera muncul di sini.',
    en: 'Your order is confirmed. News of your taxi will appear here shortly.',
  },

  // The taxi.
  lookingForDriver: {
    id: 'Kami sedang mencarikan pengemudi untuk Anda.',
    en: 'We are looking for a driver for you.',
  },
  unconfirmed: {
    id: 'Taksi Anda tertunda: mitra taksi kami belum memberi konfirmasi. Kami sedang memeriksanya; Anda tidak perlu memesan lagi.',
    en: 'Your taxi is delayed: our taxi partner has not confirmed it yet. We are checking; there is no need to book again.',
  },
  byHand: {
    id: 'Taksi Anda tertunda: sistem mitra taksi kami sedang tidak dapat dihubungi, jadi petugas kami mencarikan taksi secara manual. Mohon bersabar; jika tidak ada taksi, Anda tidak dikenai biaya.',
    en: 'Your taxi is delayed: the system of our taxi partner cannot be reached, so our staff are finding you a taxi by hand. Please bear with us; if there is no taxi, you will not be charged.',
  },
  noPosition: {
    id: 'Taksi ini dicarikan langsung oleh petugas kami, jadi posisinya tidak tampil di peta.',
    en: 'Our staff arranged this taxi themselves, so its position is not shown on the map.',
  },
  onTrip: { id: 'Anda sedang dalam perjalanan. Selamat jalan!', en: 'You are on your way. Have a good trip!' },
  arrived: {
    id: 'Perjalanan Anda sudah selesai. Terima kasih telah naik taksi bersama kami.',
    en: 'Your trip is over. Thank you for riding with us.',
  },

  // Why it is off.
  noTaxi: { id: 'Maaf, kami tidak menemukan taksi untuk Anda.', en: 'Sorry, we could not find a taxi for you.' },
  noShow: {
    id: 'Maaf, Anda dan taksi tidak bertemu di tempat penjemputan, jadi pesanan ini berakhir.',
    en: 'Sorry, you and the taxi did not meet at the pick-up point, so this order has ended.',
  },
  notDispatched: {
    id: 'Maaf, pesanan Anda tidak dapat kami penuhi.',
    en: 'Sorry, we could not carry out your order.',
  },
  paymentFailed: {
    id: 'Pembayaran tidak berhasil, jadi pesanan Anda dibatalkan.',
    en: 'The payment did not succeed, so your order has been cancelled.',
  },
  canceled: { id: 'Pesanan Anda sudah dibatalkan.', en: 'Your order has been cancelled.' },

  // The money.
  wouldBeReturned: {
    id: 'Anda tidak dikenai biaya; dana yang sudah ditahan atau dibayar akan dikembalikan.',
    en: 'You will not be charged; anything already held or paid will be returned to you.',
  },
  notCharged: { id: 'Anda tidak dikenai biaya.', en: 'You have not been charged.' },
  notPaid: {
    id: 'Anda tidak dikenai biaya; jika Anda baru saja membayar, uangnya akan dikembalikan.',
    en: 'You have not been charged; if you have just paid, your money will be returned.',
  },
  holdBeingReleased: {
    id: 'Anda tidak dikenai biaya; dana yang ditahan sedang dilepaskan.',
    en: 'You have not been charged; the amount that was held is being released.',
  },
  wouldBeRefunded: {
    id: 'Biaya yang sudah ditagih akan dikembalikan.',
    en: 'Anything already charged will be refunded.',
  },
  refundUnderWay: { id: 'Pengembalian dana Anda sedang diproses.', en: 'Your refund is being processed.' },
  refunded: { id: 'Dana Anda sudah dikembalikan.', en: 'Your payment has been refunded.' },
  charging: { id: 'Pembayaran Anda sedang diproses.', en: 'Your payment is being processed.' },
  charged: { id: 'Pembayaran Anda sudah kami terima.', en: 'We have received your payment.' },
  chargeFailed: {
    id: 'Pembayarannya belum berhasil; kami akan mencobanya lagi.',
    en: 'The payment has not gone through yet; we will try it again.',
  },
} satisfies Record<string, Message>
