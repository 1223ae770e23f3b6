import { readField } from './field.ts'
import { askHttp } from './http-text.ts'

/** The status that a URL answers with, or a field of the JSON of its answer. */
export async function readHttp(
  request: string,
  { field, withinMs }: { field: string | undefined; withinMs: number },
): Promise<number | string> {
  const { status, body } = await askHttp(request, withinMs)
  return field === undefined ? status : readField(body, field)
}
