// `npm start`: set up, then show the overview of MRG, the reference platform.
await import('./set-up.mjs')
process.argv.splice(2, Number.POSITIVE_INFINITY, 'assess', 'mrg/vault')
await import('../bin/linchpin.js')
