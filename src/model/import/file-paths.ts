/** Paths as text, since importers touch no file system: with `/`, without `.` and resolved `..`. */

export function joinPath(folder: string, path: string): string {
  return normalisePath(path.startsWith('/') || folder === '' ? path : `${folder}/${path}`)
}

export function folderOf(file: string): string {
  const path = normalisePath(file)
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

export function normalisePath(path: string): string {
  const steps: string[] = []
  for (const step of path.replaceAll('\\', '/').split('/')) {
    if (step === '' || step === '.') continue
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else steps.push(step)
  }
  return `${path.startsWith('/') ? '/' : ''}${steps.join('/')}`
}

/** Folders that every platform has, and that name none. */
const USUAL_FOLDER =
  /^(\.\.|kubernetes|k8s|kube|kubernetes-manifests|manifests?|deploy|deployments?|base|overlays?|docker|compose|docker-compose|infra|templates|platform|samples|examples)$/i

/** A name for the platform: what its files call it, or the nearest folder with a name of its own. */
export function systemName(stated: string | undefined, file: string): string {
  const folders = folderOf(file).split('/').reverse()
  const named = folders.find((folder) => folder !== '' && !USUAL_FOLDER.test(folder))
  const names = [stated ?? '', named ?? ''].map((name) =>
    name.replace(/[^a-z0-9._-]+/gi, '-').replace(/^[^a-z0-9]+/i, ''),
  )
  return names.find((name) => name !== '') ?? 'platform'
}
