import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { local } from './paths.mjs';

export const SANDBOX_CLUSTERS = ['prod-eu', 'prod-us', 'staging'];

/** Writes the configuration that lies over app-config.yaml: addresses, databases, the real cluster. */
export function writePortalConfig(options) {
  const address = `http://127.0.0.1:${options.port}`;
  const data =
    options.data ??
    join(local, 'data', options.kubeconfig ? 'cluster' : 'sandbox');
  mkdirSync(data, { recursive: true });
  const config = {
    app: { baseUrl: address },
    backend: {
      baseUrl: address,
      listen: { host: '127.0.0.1', port: options.port },
      cors: { origin: address },
      database: { client: 'better-sqlite3', connection: { directory: data } },
    },
    ...(options.kubeconfig ? clusterConfig(options) : sandboxConfig(options)),
  };
  if (options.kubeconfig) config.app.signIn = { mode: 'local', people: [] };
  const file = join(local, `app-config.${options.port}.yaml`);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config, null, 2));
  return { file, address };
}

function sandboxConfig({ sandboxPort }) {
  const url = index => `http://127.0.0.1:${sandboxPort + index}`;
  return {
    kubernetes: {
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: SANDBOX_CLUSTERS.map((name, index) => ({
            name,
            url: url(index),
            authProvider: 'serviceAccount',
            serviceAccountToken: 'sandbox-portal',
          })),
        },
      ],
    },
    istio: {
      impersonation: { user: '{name}', groups: '{name}' },
      clusters: SANDBOX_CLUSTERS.map((name, index) => ({
        name,
        prometheus: {
          url: `${url(index)}/prometheus`,
          scrapeIntervalSeconds: 5,
        },
        jaeger: { url: `${url(index)}/jaeger` },
      })),
    },
  };
}

/** One person, one cluster: everything the catalog shows belongs to them; Kubernetes RBAC has the last word. */
function clusterConfig({
  kubeconfig,
  context,
  prometheus,
  scrapeSeconds,
  jaeger,
  as,
  asGroups,
}) {
  const name = context ?? 'cluster';
  const person = 'user:default/local';
  return {
    auth: {
      providers: {
        guest: {
          userEntityRef: person,
          ownershipEntityRefs: [person, 'group:default/platform-team'],
          dangerouslyAllowOutsideDevelopment: true,
        },
      },
    },
    catalog: { locations: [] },
    clusterServices: {
      kubeconfig,
      ...(context && { context }),
      cluster: name,
      defaultOwner: person,
    },
    kubernetes: { clusterLocatorMethods: [] },
    istio: {
      clusters: [
        {
          name,
          kubeconfig: { file: kubeconfig, ...(context && { context }) },
          ...(prometheus && {
            prometheus: {
              url: prometheus,
              scrapeIntervalSeconds: scrapeSeconds,
            },
          }),
          ...(jaeger && { jaeger: { url: jaeger } }),
        },
      ],
      impersonation: {
        users: as ? { [person]: { user: as, groups: asGroups } } : {},
      },
    },
  };
}
