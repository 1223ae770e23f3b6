import { Alert, Badge, Button, Loader, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Loaded } from '../api.ts'
import { followHere, useRoute } from '../route.ts'
import { useWords } from '../words.ts'

/** The four states of everything that is read: loading, failed, empty, there. */
export function Shown<Data>(props: {
  loaded: Loaded<Data>
  isEmpty?: (data: Data) => boolean
  empty?: string
  children: (data: Data) => ReactNode
}) {
  const { loaded, isEmpty, empty, children } = props
  const words = useWords()
  if (loaded.state === 'loading') return <Loader aria-label={words.loading} />
  if (loaded.state === 'failed')
    return (
      <Alert color="red" variant="outline" title={loaded.message}>
        <Button size="xs" variant="default" onClick={loaded.again}>
          {words.tryAgain}
        </Button>
      </Alert>
    )
  if (isEmpty?.(loaded.data)) return <Text>{empty}</Text>
  return <>{children(loaded.data)}</>
}

export function Link({ to, children }: { to: string; children: ReactNode }) {
  const { go } = useRoute()
  return (
    <a className="link" href={to} onClick={followHere(go)}>
      {children}
    </a>
  )
}

const COLOURS: Record<string, string> = {
  supported: 'teal.9',
  proved: 'teal.9',
  refuted: 'red.9',
  unknown: 'gray.7',
  unproved: 'orange.9',
  planned: 'gray.7',
  'in-progress': 'blue.9',
}

export function Verdict({ of, children }: { of: string; children?: ReactNode }) {
  return (
    <Badge color={COLOURS[of] ?? 'gray.7'} variant="filled" size="sm" radius="sm" tt="none">
      {children ?? of}
    </Badge>
  )
}

export function Section({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <Stack gap="xs" component="section">
      <Text component="h2" fw={600} size="md" m={0}>
        {title}
      </Text>
      {children}
    </Stack>
  )
}
