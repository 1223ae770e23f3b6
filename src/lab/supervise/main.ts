// The program of the supervisor process. `bringUp` starts it, with the folder of its lab as the only argument; it is no
// command of its own, and loads nothing that reads lab.yaml.
import { runSupervisor } from './run-supervisor.ts'

await runSupervisor(process.argv[2] ?? '')
process.exit(0)
