/** The command that runs linchpin again, for processes that outlive this one. */
export const SELF: readonly string[] = [process.execPath, process.argv[1] ?? '']
