import { join } from 'node:path';
import { runCommand } from '../network/ip';

/** Files of the Istio and Gateway API sources that no binary carries. */
export interface UpstreamFiles {
  /** Folder of the Gateway API's definitions, standard channel. */
  gatewayApi: string;
  /** Template of Envoy's bootstrap, which proxy images carry and the agent fills in. */
  bootstrapTemplate: string;
}

const MODULE = join(__dirname, '..', '..', 'go', 'istio');

/** Finds them in Go's module cache, where building Istio has put them. */
export async function findUpstreamFiles(): Promise<UpstreamFiles> {
  const text = await runCommand('go', [
    '-C',
    MODULE,
    'list',
    '-m',
    '-f',
    '{{.Dir}}',
    'istio.io/istio',
    'sigs.k8s.io/gateway-api',
  ]);
  const [istio, gatewayApi] = text.trim().split('\n');
  if (!istio || !gatewayApi) {
    throw new Error(
      'The sources of Istio and the Gateway API are not in the module cache of Go: run npm run lab:build',
    );
  }
  return {
    gatewayApi: join(gatewayApi, 'config', 'crd', 'standard'),
    bootstrapTemplate: join(
      istio,
      'tools',
      'packaging',
      'common',
      'envoy_bootstrap.json',
    ),
  };
}
