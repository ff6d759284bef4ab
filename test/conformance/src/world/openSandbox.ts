import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '@istio-backstage/sandbox';
import { dump } from 'js-yaml';
import type { OpenedWorld } from './abilities';

function kubeconfigOf(server: string): string {
  const context = { cluster: 'sandbox', user: 'admin' };
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'sandbox',
        // The Kubernetes client takes plain HTTP only where TLS need not be verified.
        cluster: { server, 'insecure-skip-tls-verify': true },
      },
    ],
    users: [{ name: 'admin', user: { token: 'sandbox-admin' } }],
    contexts: [{ name: 'sandbox', context }],
    'current-context': 'sandbox',
  });
}

/** The shop in this process, over real HTTP on free ports. */
export async function openSandbox(): Promise<OpenedWorld> {
  const sandbox = await startSandbox({ basePort: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const [first] = sandbox.clusters;
  writeFileSync(kubeconfig, kubeconfigOf(first.url), { mode: 0o600 });
  return {
    handle: {
      kind: 'sandbox',
      kubeconfig,
      prometheus: first.prometheusUrl,
      tracing: first.jaegerUrl,
      clusters: sandbox.clusters.map(
        ({ name, url, prometheusUrl, jaegerUrl, controlUrl }) => ({
          name,
          url,
          prometheusUrl,
          jaegerUrl,
          controlUrl,
        }),
      ),
    },
    abilities: {
      compact: async () => {
        const answer = await fetch(`${first.controlUrl}/compact`, {
          method: 'POST',
        });
        if (!answer.ok) throw new Error(await answer.text());
      },
    },
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await sandbox.close();
    },
  };
}
