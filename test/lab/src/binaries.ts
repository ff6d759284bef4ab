import { join } from 'node:path';
import type { LabBinaryPaths } from './RunningLab';

const NAMES = [
  'envoy',
  'istioctl',
  'kubelab',
  'labapp',
  'pilot-agent',
  'pilot-discovery',
  'jaeger-all-in-one',
] as const;

/** The programs of the lab. */
export async function findBinaries(
  _log: (line: string) => void,
): Promise<LabBinaryPaths> {
  const folder = '/var/lib/istio-lab/run-bin';
  return Object.fromEntries(
    NAMES.map(name => [name, join(folder, name)]),
  ) as unknown as LabBinaryPaths;
}
