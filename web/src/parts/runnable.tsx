import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useWords } from '../words.ts'

interface RunnableProps {
  readonly name: string
  /** What stands before the button: the name and what it is for. */
  readonly head: ReactNode
  readonly isChosen: boolean
  readonly isBusy: boolean
  /** With any, it cannot be run. */
  readonly problems: readonly string[]
  readonly onRun: () => Promise<unknown>
  readonly children?: ReactNode
}

/** Something that can be set going: a drill, a runbook. What keeps it from that is said below it. */
export function Runnable({ name, head, isChosen, isBusy, problems, onRun, children }: RunnableProps) {
  const words = useWords()
  const [trouble, setTrouble] = useState('')
  const start = () =>
    onRun().then(
      () => setTrouble(''),
      (error: Error) => setTrouble(error.message),
    )
  return (
    <Card withBorder padding="sm" {...(isChosen && { shadow: 'md' })}>
      <Group justify="space-between" align="start" wrap="nowrap">
        <Stack gap={2}>{head}</Stack>
        <Button size="xs" disabled={isBusy || problems.length > 0} onClick={start} aria-label={`${words.run} ${name}`}>
          {words.run}
        </Button>
      </Group>
      {children}
      {[...problems, trouble]
        .filter((text) => text !== '')
        .map((text) => (
          <Text key={text} size="sm" fw={600} role="alert">
            {text}
          </Text>
        ))}
    </Card>
  )
}
