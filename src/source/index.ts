export { didYouMean, suggestion } from './did-you-mean.ts'
export { digestOf } from './digest.ts'
export { lazy } from './lazy.ts'
export {
  isPlainObject,
  markKey,
  markPositions,
  mergeLocated,
  type PathStep,
  type PlainObject,
  positionOf,
} from './located.ts'
export { formatPosition, formatProblem, type Position, type Problem, sortProblems } from './problem.ts'
export { collectKeys, explainIssues, locate, valueAt } from './schema-problem.ts'
export { DURATION_PATTERN, formatDuration, parseDuration, parseRate, RATE_PATTERN } from './unit.ts'
export { unreachable } from './unreachable.ts'
export { readYaml, type SourceText, YAML_LIMITS } from './yaml.ts'
