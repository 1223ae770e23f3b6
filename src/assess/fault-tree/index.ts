export { type CutSets, type CutSetsOptions, findMinimalCutSets } from './cut-sets.ts'
export {
  type FaultNetwork,
  type FaultNetworkErrorCode,
  type GateKind,
  NetworkBuilder,
  type NodeId,
} from './network.ts'
export { findPairs, type Pairs, type PairsOptions } from './pairs.ts'
export { type SimulateOptions, type Simulation, simulate } from './simulate.ts'
export { findSingles, type SinglesOptions } from './singles.ts'
export { type Interval, type Solution, type SolveOptions, solveTop } from './solve-top.ts'
