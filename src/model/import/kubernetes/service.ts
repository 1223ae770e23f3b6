import type { PlainObject, Position } from '../../../source/index.ts'
import { mapAt, textAt, textsAt } from '../untyped.ts'
import type { Manifest } from './manifest.ts'
import { isJob, isSelected, type Workload } from './workload.ts'

/** A Service, with the workloads whose pods it selects. */
export interface KubernetesService {
  readonly name: string
  readonly namespace: string
  readonly where: Position
  readonly type: string
  readonly selector: PlainObject
  readonly isHeadless: boolean
  readonly externalName: string | undefined
  readonly workloads: readonly Workload[]
}

export function readService(
  { value, name, namespace, where }: Manifest,
  workloads: readonly Workload[],
): KubernetesService {
  const selector = mapAt(value, 'spec', 'selector')
  const type = textAt(value, 'spec', 'type') ?? 'ClusterIP'
  return {
    name,
    namespace,
    where,
    type: textsAt(value, 'spec', 'externalIPs').length > 0 ? 'LoadBalancer' : type,
    selector,
    isHeadless: textAt(value, 'spec', 'clusterIP') === 'None',
    externalName: type === 'ExternalName' ? (textAt(value, 'spec', 'externalName') ?? '') : undefined,
    workloads: workloads.filter((item) => item.namespace === namespace && !isJob(item) && isSelected(selector, item)),
  }
}
