import { repositoryOf, wordsOf } from './image-kind.ts'

/**
 * What a component is for, as far as its name or image tells: `telemetry` watches the others and serves no user,
 * `load` plays users, `admin` serves operators, `worker` takes work that nobody waits for.
 */
export type Role = 'telemetry' | 'load' | 'admin' | 'worker' | 'front' | 'plain'

const LOAD =
  /(^|-)(load-?(gen|generator|test|tester|testing)|locust|k6|gatling|jmeter|vegeta|artillery|fortio|wrk2?|(traffic|request)-?gen(erator)?|virtual-(customer|worker|user)s?)(-|$)/
const ADMIN =
  /(^|-)(pgadmin4?|phpmyadmin|adminer|mongo-express|redis-commander|redisinsight|kafka-?ui|kafdrop|akhq|cmak|mailhog|mailpit|maildev|mailcatcher|portainer|dozzle|kibana|opensearch-dashboards|admin-tools|spring-boot-admin|watchtower|swagger-ui|flower|sqlpad|cloudbeaver|admin-server|rabbitmq-management|k8s-dashboard|kubernetes-dashboard)(-|$)/
const TELEMETRY =
  /(^|-)(otel|otelcol|opentelemetry|jaeger|jaegertracing|zipkin|openzipkin|prometheus|grafana|loki|tempo|promtail|fluentd|fluentbit|fluent-bit|fluent|datadog|statsd|telegraf|cadvisor|alertmanager|logstash|filebeat|metricbeat|skywalking|signoz|pyroscope|newrelic|pushgateway|thanos|mimir|graphite|(node|blackbox|postgres|postgresql|mysql|mysqld|redis|mongodb|kafka|rabbitmq|nginx|elasticsearch|memcached|haproxy|snmp|process)-exporter|kube-state-metrics|metrics-server|vmagent|victoriametrics|dd-agent|collectd)(-|$)/
const WORKER = new Set(
  'worker workers consumer consumers scheduler cron cronjob runner runners housekeeping beat migrate migration migrations migrator seed seeder init setup backup tools sidekiq celery job jobs bootstrap'.split(
    ' ',
  ),
)
const FRONT = new Set(
  'frontend front gateway ui web webapp website site portal storefront ingress dashboard www edge bff productpage webui'.split(
    ' ',
  ),
)

/** The name counts as much as the image: one's own images say nothing, and a name may be all there is. */
export function roleOf(name: string, image: string | undefined): Role {
  const names = [wordsOf(name).join('-'), ...(image === undefined ? [] : imageNames(image))].map(withoutExtras)
  if (names.some((item) => LOAD.test(item))) return 'load'
  if (names.some((item) => ADMIN.test(item))) return 'admin'
  if (names.some((item) => TELEMETRY.test(item))) return 'telemetry'
  const words = wordsOf(name)
  if (words.some((word) => WORKER.has(word))) return 'worker'
  return words.some((word) => FRONT.has(word)) ? 'front' : 'plain'
}

/** `order-service-with-jaeger` is an order service. */
function withoutExtras(name: string): string {
  return name.replace(/-(with|for|without)-.*$/, '')
}

/** Owner and name of an image one by one: `grafana/loki` is telemetry by either. */
function imageNames(image: string): string[] {
  return repositoryOf(image)
    .split('/')
    .slice(-2)
    .map((part) => wordsOf(part).join('-'))
}
