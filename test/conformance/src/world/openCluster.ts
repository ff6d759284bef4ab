import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OpenedWorld } from './abilities';

const run = promisify(execFile);

/**
 * Any disposable cluster with Istio's and Gateway API's CRDs and istiod's webhook: `CONFORMANCE_KUBECONFIG` is its
 * admin's file, `CONFORMANCE_COMPACT` a shell command that compacts its etcd, `CONFORMANCE_PROMETHEUS` an address.
 */
export async function openCluster(): Promise<OpenedWorld> {
  const {
    CONFORMANCE_KUBECONFIG: kubeconfig = '',
    CONFORMANCE_COMPACT: command,
    CONFORMANCE_PROMETHEUS: prometheus,
  } = process.env;
  return {
    handle: { kind: 'lab', kubeconfig, prometheus, clusters: [] },
    abilities: command
      ? {
          compact: async () => {
            await run('sh', ['-c', command]);
          },
        }
      : {},
    close: async () => {},
  };
}
