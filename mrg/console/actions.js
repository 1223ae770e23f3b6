import { askAssignment, askCancel, askHold, askToConfirm } from './dialogs.js'

const isWaiting = ({ state }) => state === 'MANUAL_QUEUE'
const isByHand = ({ state }) => state === 'OFFLINE_DISPATCH'
const isOthers = (order, me) => order.claimedBy !== null && order.claimedBy !== me
const isMine = (order, me) => order.claimedBy === me
const mayTake = (order, me) => isWaiting(order) && !isOthers(order, me)

/**
 * Everything an operator can do to an order: its key, when it is offered, and how it is done. `run` gets the order, and
 * `act(name, body)`, which does it and says `done`; those that need the claim take it first.
 */
export const ACTIONS = [
  {
    name: 'claim',
    key: 'Enter',
    word: 'Claim',
    done: 'You have the order for two minutes.',
    isOffered: (order, me) => mayTake(order, me) && !isMine(order, me),
    run: (_order, { act }) => act('claim'),
  },
  {
    name: 'assign',
    key: 'a',
    word: 'Assign a taxi',
    done: 'Assigned. The rider is told.',
    isOffered: mayTake,
    run: async (order, { act, claim }) => {
      await claim()
      await askAssignment(order, (body) => act('assign', body))
    },
  },
  {
    name: 'retry',
    key: 'r',
    word: 'Retry at BBD',
    isOffered: (order, me) => mayTake(order, me) && order.heldNote === null,
    run: async (_order, { act, claim }) => {
      await claim()
      await act('retry')
    },
  },
  {
    name: 'hold',
    key: 'h',
    word: 'Hold',
    done: 'On hold.',
    isOffered: (order, me) => mayTake(order, me) && order.heldNote === null,
    run: (order, { act }) => askHold(order, (body) => act('hold', body)),
  },
  {
    name: 'unhold',
    key: 'h',
    word: 'Take off hold',
    done: 'Off hold.',
    isOffered: (order, me) => mayTake(order, me) && order.heldNote !== null,
    run: (_order, { act }) => act('unhold'),
  },
  {
    name: 'release',
    key: 'u',
    word: 'Release',
    done: 'Given back.',
    isOffered: (order, me) => isWaiting(order) && isMine(order, me),
    run: (_order, { act }) => act('release'),
  },
  {
    name: 'complete',
    key: 'c',
    word: 'Complete',
    done: 'The trip is over.',
    isOffered: isByHand,
    run: (order, { act }) =>
      askToConfirm(
        order,
        { title: 'Complete the trip', text: 'The rider has arrived, and the fare is charged.', word: 'Complete' },
        () => act('complete'),
      ),
  },
  {
    name: 'no-show',
    key: 's',
    word: 'No-show',
    done: 'Written down as a no-show.',
    isOffered: isByHand,
    run: (order, { act }) =>
      askToConfirm(
        order,
        { title: 'No-show', text: 'They did not meet; the order ends here.', word: 'It is a no-show' },
        () => act('no-show'),
      ),
  },
  {
    name: 'cancel',
    key: 'x',
    word: 'Cancel',
    done: 'Cancelled. The rider is told.',
    isDanger: true,
    isOffered: (order, me) => mayTake(order, me) || isByHand(order),
    run: (order, { act }) => askCancel(order, (body) => act('cancel', body)),
  },
]

/** Why none of the actions of this key is offered. */
export function sayWhyNot(order, me) {
  if (isWaiting(order) && isOthers(order, me)) return `${order.claimedBy} has this order.`
  if (order.state === 'DISPATCH_UNKNOWN')
    return 'BBD is being asked about this order; nothing can be done until it is known.'
  return 'That cannot be done with this order now.'
}
