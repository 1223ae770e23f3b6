import { existsSync, readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname } from 'node:path'
import vm from 'node:vm'

/**
 * Runs the bundled command line (a CommonJS file) with the machine code that set-up left beside it, so that a start
 * compiles nothing: a quarter of its time. V8 itself refuses a cache of another version or text, and then compiles.
 */
export function runBundle(file) {
  const text = `(function (require, module, exports, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`
  const script = new vm.Script(text, {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(existsSync(cacheOf(file)) ? { cachedData: readFileSync(cacheOf(file)) } : {}),
  })
  const module = new Module(file)
  // Chunks that are loaded later ask for this one: without this they would run the whole command once more.
  Module._cache[file] = module
  script.runInThisContext()(createRequire(file), module, module.exports, file, dirname(file))
  return script
}

/** Where the machine code of a bundle lies. */
export function cacheOf(file) {
  return `${file}.cache`
}
