import mermaid from 'mermaid'

export interface DiagramLook {
  readonly isDark: boolean
  readonly words: { readonly diagram: string; readonly diagramText: string; readonly diagramFails: string }
}

let count = 0

/**
 * Draws the Mermaid fences of a page, or draws them anew in other colours. What comes out is shown as an image: there,
 * nothing that a note has written into it can run, load or link. The text stays below it, for those who search or
 * cannot see.
 */
export async function drawDiagrams(page: HTMLElement, { isDark, words }: DiagramLook): Promise<void> {
  mermaid.initialize({
    startOnLoad: false,
    suppressErrorRendering: true,
    securityLevel: 'strict',
    theme: isDark ? 'dark' : 'default',
    htmlLabels: false,
    flowchart: { htmlLabels: false },
  })
  for (const code of page.querySelectorAll('code.language-mermaid')) {
    const place = placeFor(code, words)
    try {
      show(place, await draw(code.textContent ?? ''), words.diagram)
    } catch (error) {
      place.replaceChildren(complaint(words.diagramFails, error))
    }
  }
}

/** Before the text, which is folded away; the same one when it is drawn anew. */
function placeFor(code: Element, { diagramText }: DiagramLook['words']): HTMLElement {
  const text = code.parentElement as HTMLElement
  const known = text.parentElement?.matches('details.diagram-text') ? text.parentElement : undefined
  if (known) return known.previousElementSibling as HTMLElement
  const place = document.createElement('div')
  place.className = 'diagram'
  const folded = document.createElement('details')
  folded.className = 'diagram-text'
  const summary = document.createElement('summary')
  summary.textContent = diagramText
  text.replaceWith(place, folded)
  folded.append(summary, text)
  return place
}

async function draw(text: string): Promise<SVGSVGElement> {
  count += 1
  const { svg } = await mermaid.render(`diagram-${count}`, withoutTags(text))
  const drawn = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg')
  if (!drawn) throw new Error('nothing was drawn')
  const { width, height } = drawn.viewBox.baseVal
  drawn.setAttribute('width', String(width))
  drawn.setAttribute('height', String(height))
  return drawn
}

/** Mermaid lays labels out as HTML: what begins a tag becomes a character, but line breaks and `<<stereotypes>>`. */
function withoutTags(text: string): string {
  return text.replace(/<<[\w -]+>>|<(?=[a-z!?/])(?!br\s*\/?>)/gi, (found) => (found === '<' ? '#lt;' : found))
}

function show(place: HTMLElement, drawn: SVGSVGElement, alt: string): void {
  const image = document.createElement('img')
  const text = new XMLSerializer().serializeToString(drawn)
  image.alt = alt
  image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
  image.onload = () => URL.revokeObjectURL(image.src)
  const size = document.createElement('button')
  size.type = 'button'
  size.textContent = '⤢'
  size.ariaLabel = alt
  size.onclick = () => place.classList.toggle('full')
  place.tabIndex = 0
  place.replaceChildren(image, size)
}

function complaint(fails: string, error: unknown): HTMLElement {
  const line = document.createElement('p')
  line.setAttribute('role', 'alert')
  line.textContent = `${fails}: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`
  return line
}
