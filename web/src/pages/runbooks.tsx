import { Button, Card, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { HubPageRun, RunbookEntry, RunQuestion } from '../../../src/hub/index.ts'
import { act, useData, usePushed } from '../api.ts'
import { useNow } from '../parts/now.ts'
import { Prompts } from '../parts/prompts.tsx'
import { Runnable } from '../parts/runnable.tsx'
import { Link, Shown } from '../parts/shown.tsx'
import { useRoute } from '../route.ts'
import { duration, moment } from '../say.ts'
import { useWords } from '../words.ts'

/** Read, and carried out: whoever opens this page sees the same run, and whoever may answers. */
export default function Runbooks() {
  const words = useWords()
  const loaded = useData('/api/runbooks')
  const { page } = usePushed()
  return (
    <Stack gap="md">
      <Text component="h1" fw={700} size="xl" m={0}>
        {words.runbooks}
      </Text>
      {page && <PageRun run={page} />}
      <Shown loaded={loaded} isEmpty={(all) => all.length === 0} empty={words.noRunbooks}>
        {(all) =>
          all.map((entry) => (
            <Entry key={entry.path} entry={entry} isBusy={page !== undefined && page.state !== 'ended'} />
          ))
        }
      </Shown>
    </Stack>
  )
}

function Entry({ entry, isBusy }: { entry: RunbookEntry; isBusy: boolean }) {
  const { query } = useRoute()
  const [isAsking, setAsking] = useState(false)
  const { name, title, severity, components, targetMs, problems, path, prompts } = entry
  const begin = (answers: Record<string, string>) =>
    act('/api/runbooks/:runbook/run', { asks: { runbook: name }, body: { answers } })
  return (
    <Runnable
      name={name}
      isChosen={query.get('runbook') === name}
      isBusy={isBusy}
      problems={problems}
      onRun={prompts.length > 0 ? async () => setAsking(true) : () => begin({})}
      head={
        <>
          <Text component="h2" size="md" fw={600} m={0}>
            <Link to={`/docs?page=${encodeURIComponent(path)}`}>{name}</Link>
          </Text>
          <Text size="sm">{title}</Text>
          <Text size="xs">
            {severity ?? '–'} · {components.join(', ')} · RTO {duration(targetMs)}
          </Text>
        </>
      }
    >
      {isAsking && !isBusy && <Prompts prompts={prompts} onBegin={begin} onCancel={() => setAsking(false)} />}
      {!isBusy && <Stopped entry={entry} />}
    </Runnable>
  )
}

/** Runs that did not come to their end: what ended in them is not done again. */
function Stopped({ entry: { name, title, stopped } }: { entry: RunbookEntry }) {
  const words = useWords()
  const [trouble, setTrouble] = useState('')
  const goOn = (run: string) =>
    act('/api/runbooks/:runbook/run', { asks: { runbook: name }, body: { resume: run } }).catch((error: Error) =>
      setTrouble(error.message),
    )
  return (
    <>
      {stopped.map(({ run, startedAt, environment, steps }) => (
        <Group key={run} gap="xs" mt={4}>
          <Text size="sm">
            {words.resumable}: {moment(startedAt)} · {environment} · {steps} {words.doneSteps}
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`${words.resume}: ${title}, ${moment(startedAt)}`}
            onClick={() => goOn(run)}
          >
            {words.resume}
          </Button>
        </Group>
      ))}
      {trouble !== '' && (
        <Text size="sm" fw={600} role="alert">
          {trouble}
        </Text>
      )}
    </>
  )
}

function PageRun({ run }: { run: HubPageRun }) {
  const words = useWords()
  const end = useRef<HTMLDivElement>(null)
  const [trouble, setTrouble] = useState('')
  const count = run.lines.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is the reason to scroll.
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' })
  }, [count])
  const stop = () => act('/api/page/stop').catch((error: Error) => setTrouble(error.message))
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between">
        <Text fw={700}>
          {run.runbook} ·{' '}
          {run.state === 'ended'
            ? (run.result?.ending ?? run.trouble)
            : run.state === 'waiting'
              ? words.waits
              : words.running}{' '}
          · <Elapsed run={run} /> / {duration(run.targetMs)}
        </Text>
        {run.state !== 'ended' && (
          <Button size="xs" color="red.9" onClick={stop}>
            {words.stopRun}
          </Button>
        )}
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must with the keyboard too. */}
      <section className="page-run" tabIndex={0} aria-label={words.transcript} aria-live="polite">
        {run.lines.map(({ at, kind, text }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added.
          <pre key={`${at} ${i}`} className={kind}>
            {text}
          </pre>
        ))}
        <div ref={end} />
      </section>
      {trouble !== '' && <Text role="alert">{trouble}</Text>}
      {run.question && <Question key={run.question.id} question={run.question} />}
      {run.result && <Result result={run.result} />}
    </Card>
  )
}

function Elapsed({ run }: { run: HubPageRun }) {
  const now = useNow(run.state !== 'ended')
  const rtoMs = run.result?.rtoMs
  return <>{rtoMs === undefined ? duration(Math.max(0, now - Date.parse(run.startedAt))) : `RTO ${duration(rtoMs)}`}</>
}

function Question({ question }: { question: RunQuestion }) {
  const words = useWords()
  const [value, setValue] = useState(question.fallback ?? '')
  const [trouble, setTrouble] = useState('')
  const send = (given: string) =>
    act('/api/page/answer', { body: { id: question.id, value: given } }).catch((error: Error) =>
      setTrouble(error.message),
    )
  const Field = question.isSecret ? PasswordInput : TextInput
  return (
    <Card withBorder padding="sm" mt="xs" role="group" aria-label={words.waits}>
      <Text component="pre" size="sm" style={{ whiteSpace: 'pre-wrap' }} m={0}>
        {question.text}
      </Text>
      {question.choices ? (
        <Group gap={6} mt={6}>
          {question.choices.map((choice) => (
            <Button key={choice} size="xs" variant="default" onClick={() => send(choice)}>
              {choice}
            </Button>
          ))}
        </Group>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void send(value)
          }}
        >
          <Group gap={6} mt={6}>
            <Field aria-label={question.text} value={value} onChange={(event) => setValue(event.currentTarget.value)} />
            <Button size="xs" type="submit">
              {words.answer}
            </Button>
          </Group>
        </form>
      )}
      {trouble !== '' && <Text role="alert">{trouble}</Text>}
    </Card>
  )
}

function Result({ result }: { result: NonNullable<HubPageRun['result']> }) {
  const words = useWords()
  return (
    <Stack gap={4} mt="xs">
      <Text size="sm">{result.because}</Text>
      {result.steps.map(({ id, state, tookMs }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step may come twice.
        <Text key={i} size="xs">
          {id}: {state}, {duration(tookMs)}
        </Text>
      ))}
      <Group gap={6}>
        <Download name="transcript.md" label={words.transcript} text={result.transcript} />
        {result.postMortem !== undefined && (
          <Download name="post-mortem.md" label={words.postMortem} text={result.postMortem} />
        )}
      </Group>
    </Stack>
  )
}

function Download({ name, label, text }: { name: string; label: string; text: string }) {
  const save = () => {
    const link = document.createElement('a')
    link.download = name
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }))
    link.click()
  }
  return (
    <Button size="xs" variant="default" onClick={save}>
      {label}
    </Button>
  )
}
