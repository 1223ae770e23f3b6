export { writeAssessmentJson } from './json/write-assessment.ts'
export { writeOverview } from './terminal/overview.ts'
export { createPaint, type Paint } from './terminal/paint.ts'
