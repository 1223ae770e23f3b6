import { Modal, NavLink, ScrollArea, Text, TextInput } from '@mantine/core'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { useData } from './api.ts'
import { useRoute } from './route.ts'
import { NAVIGATION, pathOf } from './shell.tsx'
import { useWords } from './words.ts'

const SHOWN_MAX = 12

interface Place {
  readonly label: string
  readonly kind: string
  readonly to: string
}

/** Ctrl K: everything that has a page, by a few letters of its name. */
export default function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const words = useWords()
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.search} size="lg" yOffset="10vh">
      {isOpen && <Choice onClose={onClose} />}
    </Modal>
  )
}

function Choice({ onClose }: { onClose: () => void }) {
  const words = useWords()
  const { go } = useRoute()
  const places = usePlaces()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const found = useMemo(() => places.filter(({ label }) => matches(label, text)).slice(0, SHOWN_MAX), [places, text])
  const open = (place: Place | undefined) => {
    if (!place) return
    onClose()
    go(place.to)
  }
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setChosen((now) => Math.max(0, Math.min(found.length - 1, now + step)))
    } else if (event.key === 'Enter') open(found[chosen])
  }
  return (
    <>
      <TextInput
        data-autofocus
        aria-label={words.search}
        value={text}
        onKeyDown={onKey}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setChosen(0)
        }}
      />
      <ScrollArea.Autosize mah="50vh" mt="xs">
        {found.map((place, i) => (
          <NavLink
            key={place.to}
            component="button"
            label={place.label}
            description={place.kind}
            active={i === chosen}
            onClick={() => open(place)}
            py={4}
          />
        ))}
        {found.length === 0 && <Text size="sm">{words.nothingFound}</Text>}
      </ScrollArea.Autosize>
    </>
  )
}

function usePlaces(): readonly Place[] {
  const words = useWords()
  const overview = useData('/api/overview')
  const drills = useData('/api/drills')
  const docs = useData('/api/docs')
  return [
    ...NAVIGATION.map((page) => ({ label: words[page], kind: '', to: pathOf(page) })),
    ...(overview.state === 'there' ? overview.data.components : []).map(({ id, title }) => ({
      label: title,
      kind: words.component,
      to: `/component/${id}`,
    })),
    ...(drills.state === 'there' ? drills.data : []).map(({ name }) => ({
      label: name,
      kind: words.drills,
      to: `/drills?drill=${name}`,
    })),
    ...(docs.state === 'there' ? docs.data : []).map(({ path, title }) => ({
      label: title,
      kind: words.docs,
      to: `/docs?page=${encodeURIComponent(path)}`,
    })),
  ]
}

/** The letters in their order, anywhere: "tpg" finds Taxi Partner Gateway. */
function matches(label: string, text: string): boolean {
  const name = label.toLowerCase()
  let from = 0
  for (const letter of text.toLowerCase().replaceAll(' ', '')) {
    from = name.indexOf(letter, from) + 1
    if (from === 0) return false
  }
  return true
}
