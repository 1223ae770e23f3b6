/** `[[05/RUNBOOK-X|the runbook]]`, or a path that ends in the page: the name under which the pages list it. */
export function pageNameOf(link: string | undefined): string | undefined {
  if (link === undefined) return undefined
  const target = /^\[\[([^\]|#]+)/.exec(link)?.[1] ?? link
  return (target.split('/').at(-1) ?? target).replace(/\.md$/, '').trim()
}
