import { Button, Card, Group, NativeSelect, PasswordInput, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { PromptEntry } from '../../../src/hub/index.ts'
import { useWords } from '../words.ts'

interface PromptsProps {
  readonly prompts: readonly PromptEntry[]
  readonly onBegin: (answers: Record<string, string>) => Promise<unknown>
  readonly onCancel: () => void
}

/** What a runbook asks, before it begins; what is left empty is asked when it is needed. */
export function Prompts({ prompts, onBegin, onCancel }: PromptsProps) {
  const words = useWords()
  const usual = Object.fromEntries(prompts.map(({ name, fallback }) => [name, fallback ?? '']))
  const [answers, setAnswers] = useState<Record<string, string>>(usual)
  const [trouble, setTrouble] = useState('')
  const begin = (event: FormEvent) => {
    event.preventDefault()
    onBegin(answers).then(onCancel, (error: Error) => setTrouble(error.message))
  }
  return (
    <Card withBorder padding="sm" mt="xs" component="form" aria-label={words.before} onSubmit={begin}>
      {prompts.map((prompt) => (
        <Field
          key={prompt.name}
          prompt={prompt}
          value={answers[prompt.name] ?? ''}
          onChange={(value) => setAnswers({ ...answers, [prompt.name]: value })}
        />
      ))}
      <Text size="xs" mt={4}>
        {words.askedLater}
      </Text>
      {trouble !== '' && (
        <Text size="sm" fw={600} role="alert">
          {trouble}
        </Text>
      )}
      <Group gap={6} mt={6}>
        <Button size="xs" type="submit">
          {words.begin}
        </Button>
        <Button size="xs" variant="default" onClick={onCancel}>
          {words.cancel}
        </Button>
      </Group>
    </Card>
  )
}

interface FieldProps {
  readonly prompt: PromptEntry
  readonly value: string
  readonly onChange: (value: string) => void
}

function Field({ prompt: { ask, oneOf, pattern, isSecret }, value, onChange }: FieldProps) {
  const common = {
    label: ask,
    value,
    size: 'xs',
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  } as const
  if (oneOf.length > 0) return <NativeSelect {...common} data={['', ...oneOf]} />
  if (isSecret) return <PasswordInput {...common} autoComplete="off" />
  return <TextInput {...common} {...(pattern !== undefined && { pattern })} />
}
