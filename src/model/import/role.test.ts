import { describe, expect, it } from 'vitest'
import { kindOfImage } from './image-kind.ts'
import { roleOf } from './role.ts'

describe('the kind of an image', () => {
  const cases: [string, string | undefined][] = [
    ['postgres:16-alpine', 'database'],
    ['docker.io/bitnami/postgresql:15', 'database'],
    ['registry.local:5000/team/mysql-server@sha256:aa', 'database'],
    ['docker.elastic.co/elasticsearch/elasticsearch:8', 'database'],
    ['clickhouse/clickhouse-server', 'database'],
    ['valkey/valkey:8', 'cache'],
    ['rabbitmq:3-management', 'queue'],
    ['confluentinc/cp-kafka:7', 'queue'],
    ['nginx', 'gateway'],
    ['oliver006/redis_exporter', undefined],
    ['confluentinc/cp-kafka-connect', undefined],
    ['acme/shop:1', undefined],
    ['', undefined],
  ]
  for (const [image, wanted] of cases)
    it(`of ${image || 'nothing'} is ${wanted ?? 'not told'}`, () => expect(kindOfImage(image)).toBe(wanted))
})

describe('the role of a component', () => {
  const cases: [string, string | undefined, string][] = [
    ['metrics', 'prom/prometheus:v2', 'telemetry'],
    ['tracing-server', 'openzipkin/zipkin', 'telemetry'],
    ['collector', 'otel/opentelemetry-collector', 'telemetry'],
    ['grafana-server', undefined, 'telemetry'],
    ['logs', 'grafana/loki', 'telemetry'],
    ['traffic', 'grafana/k6', 'load'],
    ['loadgenerator', 'acme/x', 'load'],
    ['load-test', undefined, 'load'],
    ['mail', 'mailhog/mailhog', 'admin'],
    ['pgadmin', 'dpage/pgadmin4', 'admin'],
    ['orders', 'acme/orders-with-jaeger:1', 'plain'],
    ['temporal', 'temporalio/auto-setup', 'plain'],
    ['shop-worker', 'acme/shop', 'worker'],
    ['shop-ui', 'acme/shop', 'front'],
    ['upload', undefined, 'plain'],
    ['pdf-exporter', 'acme/exporter', 'plain'],
    ['redis-exporter', 'oliver006/redis_exporter', 'telemetry'],
  ]
  for (const [name, image, wanted] of cases)
    it(`of ${name}${image ? ` with ${image}` : ''} is ${wanted}`, () => expect(roleOf(name, image)).toBe(wanted))
})
