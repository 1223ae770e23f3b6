import { Argument, type Command } from 'commander'
import { applyMitigations, type SystemModel, writePrometheusAlerts, writeSystemYaml } from '../model/index.ts'
import { readSystem } from './read-system.ts'

const FORMATS: Record<string, (model: SystemModel) => string> = {
  /** Guards that are planned get their alerts now: a rule without its metric stays silent. */
  alerts: (model) =>
    writePrometheusAlerts(
      applyMitigations(
        model,
        model.mitigations.map(({ id }) => id),
      ).model,
    ),
  system: (model) => writeSystemYaml(model.document, []),
}

/** `linchpin export <format> [paths…]`: the model in another format. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('print the model in another format: Prometheus alerting rules, or one system file')
    .addArgument(new Argument('<format>', 'which format').choices(Object.keys(FORMATS)))
    .argument('[paths...]', 'as for assess', [])
    .action((format: string, paths: string[]) => {
      process.stdout.write(FORMATS[format]?.(readSystem(paths).model) ?? '')
    })
}
