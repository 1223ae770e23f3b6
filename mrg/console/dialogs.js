import { element, find } from './element.js'

/**
 * Asks for what an action needs and does it. The dialog stays open with the sentence when `submit` fails, so that
 * nothing typed is lost. Resolves with whether it was done; Escape is no.
 */
export function openDialog({ title, text, content, fields = [], word, submit, isDanger, isMust, hasBack = !isMust }) {
  const dialog = find('dialog')
  if (dialog.open) return Promise.resolve(false)
  return new Promise((resolve) => {
    let isDone = false
    const problem = element('p', { class: 'problem', role: 'alert' })
    const confirm = element('button', { type: 'submit', class: isDanger ? 'main danger' : 'main' }, word)
    const back = hasBack && element('button', { type: 'button', onclick: () => dialog.close() }, 'Back ', esc())
    const form = element(
      'form',
      { novalidate: true },
      element('h2', { id: 'dialog-title' }, title),
      text && element('p', {}, text),
      content,
      fields.map(drawField),
      problem,
      element('div', { class: 'buttons' }, confirm, back),
    )
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      const complaint = findComplaint(form, fields)
      problem.textContent = complaint ?? ''
      if (complaint !== undefined || confirm.disabled) return
      confirm.disabled = true
      try {
        await submit(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()])))
        isDone = true
        dialog.close()
      } catch (error) {
        problem.textContent = error.message
      } finally {
        confirm.disabled = false
      }
    })
    dialog.oncancel = (event) => {
      if (isMust) event.preventDefault()
    }
    dialog.onclose = () => {
      dialog.replaceChildren()
      resolve(isDone)
    }
    dialog.replaceChildren(form)
    dialog.showModal()
    ;(form.querySelector('input, select, textarea') ?? confirm).focus()
  })
}

const esc = () => element('kbd', {}, 'Esc')

function drawField({ name, label, hint, kind = 'input', options, ...attributes }) {
  const id = `field-${name}`
  const described = hint ? { 'aria-describedby': `${id}-hint` } : {}
  const input = element(
    kind,
    { id, name, autocomplete: 'off', ...described, ...attributes },
    (options ?? []).map((option) => element('option', {}, option)),
  )
  return element(
    'div',
    { class: 'field' },
    element('label', { for: id }, label),
    input,
    hint && element('small', { id: `${id}-hint` }, hint),
  )
}

/** The first field that is not right, in words; it gets the focus. */
function findComplaint(form, fields) {
  for (const { name, label, hint } of fields) {
    const input = form.elements[name]
    const isEmpty = input.required && input.value.trim() === ''
    if (!isEmpty && input.checkValidity()) continue
    input.focus()
    return isEmpty ? `${label} is missing.` : `${label} is not right. ${hint ?? ''}`.trim()
  }
  return undefined
}

export function askWho(check) {
  return openDialog({
    title: 'Dispatch desk',
    text: 'Who is at the desk? Your name is written next to everything you do.',
    fields: [
      {
        name: 'operator',
        label: 'Your name',
        required: true,
        maxlength: 40,
        pattern: '[A-Za-z0-9][A-Za-z0-9 ]*',
        hint: 'Letters, digits and spaces.',
      },
      { name: 'token', label: 'Operator token', type: 'password', required: true, maxlength: 200 },
    ],
    word: 'Open the desk',
    isMust: true,
    submit: check,
  })
}

export function askAssignment(order, submit) {
  return openDialog({
    title: 'Assign a taxi',
    text: order.mayBeAtBbd
      ? `${describe(order)} ⚠ May be at BBD: what BBD has is cancelled there once it answers.`
      : describe(order),
    fields: [
      { name: 'driver', label: 'Driver', required: true, maxlength: 80 },
      {
        name: 'phone',
        label: 'Driver’s phone',
        required: true,
        maxlength: 20,
        inputmode: 'tel',
        pattern: '\\s*\\+?[0-9][0-9 \\(\\)\\-]{3,18}\\s*',
        hint: 'Digits, such as +62 811 222 333.',
      },
      { name: 'plate', label: 'Plate', required: true, minlength: 3, maxlength: 12, hint: 'Such as B 1234 XYZ.' },
      { name: 'kind', label: 'Kind', kind: 'select', options: ['Sedan', 'MPV', 'Executive', 'Wheelchair van'] },
    ],
    word: 'Assign',
    submit: ({ driver, phone, plate, kind }) => submit({ driver: { name: driver, phone }, vehicle: { plate, kind } }),
  })
}

export function askHold(order, submit) {
  return openDialog({
    title: 'Put on hold',
    text: `${describe(order)} It is not tried at BBD until it is taken off hold.`,
    fields: [{ name: 'note', label: 'Why', required: true, maxlength: 200 }],
    word: 'Hold',
    submit,
  })
}

const REASONS = [
  'No taxi could be found',
  'The rider called it off',
  'The rider cannot be reached',
  'Ordered twice',
  'Other',
]

export function askCancel(order, submit) {
  const driver = order.driver ? ` Tell the driver: ${order.driver.name}, ${order.driver.phone}.` : ''
  return openDialog({
    title: 'Cancel the order',
    text: `${describe(order)} The rider is told, and the money is let go.${driver}`,
    fields: [
      { name: 'reason', label: 'Reason', kind: 'select', options: REASONS },
      { name: 'more', label: 'In your words', maxlength: 150 },
    ],
    word: 'Cancel the order',
    isDanger: true,
    submit: ({ reason, more }) => submit({ reason: more ? `${reason}: ${more}` : reason }),
  })
}

export function askToConfirm(order, { title, text, word }, submit) {
  return openDialog({ title, text: `${describe(order)} ${text}`, word, submit: () => submit() })
}

export function askNote(submit) {
  return openDialog({
    title: 'Note for the next shift',
    fields: [{ name: 'text', label: 'Note', kind: 'textarea', rows: 4, required: true, maxlength: 1000 }],
    word: 'Leave the note',
    submit,
  })
}

export function askRetryAll(breaker, submit) {
  const text = 'All that nobody has claimed or put on hold is tried again, oldest first.'
  return openDialog({
    title: 'Retry all at BBD',
    text:
      breaker === 'open'
        ? `${text} BBD is not called at the moment; it begins when the breaker lets calls through.`
        : text,
    word: 'Retry all',
    submit: () => submit(),
  })
}

function describe({ rider, pickup, dropoff }) {
  return `${rider.name}, ${pickup.address} → ${dropoff.address}.`
}
