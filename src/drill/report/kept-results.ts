import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { LabFile } from '../../lab/index.ts'
import { DrillFolder } from '../safety/drill-folder.ts'

const BYTES_MAX = 16 * 1024 * 1024

const verdict = z.enum(['supported', 'refuted', 'unknown'])
const keptTrial = z.object({
  measured: z.record(z.string(), z.number()),
  faultMs: z.number().optional(),
  events: z.array(z.object({ atMs: z.number(), text: z.string() })),
  timeline: z.record(
    z.string(),
    z.array(
      z.object({
        atMs: z.number(),
        ok: z.number(),
        degraded: z.number(),
        failed: z.number(),
        slowestMs: z.number().optional(),
      }),
    ),
  ),
  looks: z.record(z.string(), z.array(z.object({ atMs: z.number(), value: z.unknown().optional() }))),
})

/** What `result.json` of a run holds that is of use once the run is over. */
const keptResult = z.object({
  run: z.string(),
  drill: z.string(),
  environment: z.string(),
  endedAt: z.string(),
  tookMs: z.number(),
  verdict,
  because: z.string(),
  claims: z.array(z.object({ claim: z.string(), verdict, because: z.string() })),
  trials: z.array(keptTrial),
})
export type KeptResult = z.infer<typeof keptResult>

/** The runs of drills on this lab whose folders are still here, oldest first. */
export function listKeptRuns(labFile: LabFile): string[] {
  try {
    return readdirSync(new DrillFolder(labFile).runs).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Undefined while a run goes on, when it never ended, or when its file was changed into something else. */
export function readKeptResult(labFile: LabFile, run: string): KeptResult | undefined {
  const file = join(new DrillFolder(labFile).runs, run, 'result.json')
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined || size > BYTES_MAX) return undefined
  try {
    return keptResult.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
