import { join } from 'node:path';
import {
  prometheusConfigFile,
  writePrometheusFiles,
} from '../agent/prometheusTargets';
import { inNamespace } from '../network/controlNetwork';
import type { RunningLab } from '../RunningLab';
import { PATIENCE, waitFor } from '../waitFor';

/** Starts Prometheus and gives its address. */
export async function startPrometheus(lab: RunningLab): Promise<string> {
  const folder = join(lab.state, 'prometheus');
  writePrometheusFiles(lab.state, []);
  const address = `${lab.network.linkInside}:9090`;
  lab.processes.start({
    key: 'prometheus',
    command: inNamespace(lab.names.control, [
      'prometheus',
      `--config.file=${prometheusConfigFile(lab.state)}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=6h',
      `--web.listen-address=${address}`,
    ]),
    log: join(folder, 'log'),
    env: { PATH: process.env.PATH, GOMEMLIMIT: '400MiB' },
  });
  const url = `http://${address}`;
  await waitFor(async () => (await fetch(`${url}/-/ready`)).ok, {
    what: 'readiness of Prometheus',
    timeoutSeconds: PATIENCE,
    hopeless: () =>
      lab.processes.isRunning('prometheus')
        ? undefined
        : `it ended; see ${join(folder, 'log')}`,
  });
  return url;
}
