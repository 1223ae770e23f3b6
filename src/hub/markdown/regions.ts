import { writeDashboard } from './dashboard.ts'
import { writeDependencyGraph } from './dependency-graph.ts'
import { writeRunbooks, writeStructure } from './documents.ts'
import { writeMeasured, writeRecords } from './evidence.ts'
import { writeFlowTable } from './flows.ts'
import { writeCoverage, writeGuardSettings } from './guards.ts'
import { writeMetricsTable } from './metrics.ts'
import { writeBlastRadius, writeHealthChecks, writeRecovery, writeSpofs } from './radii.ts'
import { writeRoadmap } from './roadmap.ts'
import type { RegionSources } from './sources.ts'

interface RegionKind {
  readonly write: (sources: RegionSources) => string
  /** Whether evidence has a say in it, so that it states the moment it was judged at. */
  readonly isDated: boolean
}

/** Every region that a page may hold, by the name in its mark. */
export const REGIONS: Readonly<Record<string, RegionKind>> = {
  dashboard: { write: writeDashboard, isDated: true },
  metrics: { write: writeMetricsTable, isDated: true },
  'blast-radius': { write: writeBlastRadius, isDated: true },
  spofs: { write: writeSpofs, isDated: false },
  flows: { write: writeFlowTable, isDated: true },
  'rto-rpo': { write: writeRecovery, isDated: true },
  measured: { write: writeMeasured, isDated: true },
  coverage: { write: writeCoverage, isDated: true },
  guards: { write: writeGuardSettings, isDated: false },
  'dependency-graph': { write: writeDependencyGraph, isDated: false },
  roadmap: { write: writeRoadmap, isDated: true },
  'health-checks': { write: writeHealthChecks, isDated: false },
  evidence: { write: writeRecords, isDated: true },
  runbooks: { write: writeRunbooks, isDated: true },
  structure: { write: writeStructure, isDated: false },
}
