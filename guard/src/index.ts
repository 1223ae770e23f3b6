export { Guard } from './guard.ts'
