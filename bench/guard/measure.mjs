const warmUpCalls = 20_000
const callsPerRound = 5_000

/**
 * CPU nanoseconds a call and the ratio to the first case, by name: medians over `rounds` rounds. Every round runs every
 * case, in another order, so that other work on the machine meets all of them alike.
 */
export async function measureCpu(cases, rounds) {
  const names = Object.keys(cases)
  const [base] = names
  for (const name of names) await callTimes(cases[name], warmUpCalls)
  const samples = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const shift = round % names.length
    for (const name of [...names.slice(shift), ...names.slice(0, shift)]) {
      const before = process.cpuUsage()
      await callTimes(cases[name], callsPerRound)
      const { user, system } = process.cpuUsage(before)
      samples[name].push(((user + system) * 1000) / callsPerRound)
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        ns: median(samples[name]),
        ratio: median(samples[name].map((ns, round) => ns / samples[base][round])),
      },
    ]),
  )
}

/** One loop for all cases, as one place in a program that calls many things: none is compiled into it. */
async function callTimes(call, times) {
  for (let index = 0; index < times; index++) await call()
}

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)]
}
