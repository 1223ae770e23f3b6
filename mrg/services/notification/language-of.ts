import type { Message } from '../../contracts/booking.ts'

/** Riders with an Indonesian number are written to in Indonesian, the others in English. */
export function languageOf(phone: string): keyof Message {
  return /^(\+?62|0)/.test(phone.trim()) ? 'id' : 'en'
}
