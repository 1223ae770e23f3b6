import type { Place } from '../../contracts/booking.ts'

const PLACES: readonly [Place, ...Place[]] = [
  { lat: -6.1754, lng: 106.8272, address: 'Monumen Nasional, Gambir' },
  { lat: -6.195, lng: 106.8229, address: 'Jl. M.H. Thamrin, Menteng' },
  { lat: -6.1767, lng: 106.8306, address: 'Stasiun Gambir' },
  { lat: -6.2088, lng: 106.8229, address: 'Jl. Jenderal Sudirman, Setiabudi' },
  { lat: -6.2253, lng: 106.8004, address: 'Gelora Bung Karno, Senayan' },
  { lat: -6.2444, lng: 106.7995, address: 'Blok M, Kebayoran Baru' },
  { lat: -6.2247, lng: 106.8097, address: 'SCBD, Kebayoran Baru' },
  { lat: -6.2297, lng: 106.8295, address: 'Mega Kuningan, Setiabudi' },
  { lat: -6.1352, lng: 106.8133, address: 'Kota Tua, Taman Sari' },
  { lat: -6.1223, lng: 106.8324, address: 'Ancol, Pademangan' },
  { lat: -6.1786, lng: 106.7917, address: 'Grogol, Petamburan' },
  { lat: -6.2615, lng: 106.8106, address: 'Kemang, Mampang Prapatan' },
  { lat: -6.2922, lng: 106.7993, address: 'Cilandak Barat' },
  { lat: -6.2146, lng: 106.8451, address: 'Manggarai, Tebet' },
  { lat: -6.1577, lng: 106.9081, address: 'Kelapa Gading' },
  { lat: -6.1899, lng: 106.9038, address: 'Rawamangun, Pulo Gadung' },
  { lat: -6.3025, lng: 106.8951, address: 'Taman Mini, Cipayung' },
  { lat: -6.2661, lng: 106.8906, address: 'Halim Perdanakusuma, Makasar' },
]

/** Where the booking of this number goes, always the same; pick-up and drop-off are never one place. */
export function chooseTrip(index: number): { pickup: Place; dropoff: Place } {
  const round = Math.floor(index / PLACES.length)
  const apart = 1 + (round % (PLACES.length - 1))
  return { pickup: placeAt(index), dropoff: placeAt(index + apart) }
}

const placeAt = (index: number): Place => PLACES[index % PLACES.length] ?? PLACES[0]
