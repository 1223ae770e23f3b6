import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `node_modules/.bin/vite build web`, part of set-up; the server takes the pages from `dist` into memory. */
export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
