import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { local } from './paths.mjs';

export const SANDBOX_CLUSTERS = ['prod-eu', 'prod-us', 'staging'];

/** Writes the configuration that lies over app-config.yaml: addresses, databases, the real cluster. */
export function writePortalConfig(options) {
  const address = `http://127.0.0.1:${options.port}`;
  const data = options.data ?? join(local, 'data', dataFolder(options));
  mkdirSync(data, { recursive: true });
  const config = {
    app: { baseUrl: address },
    backend: {
      baseUrl: address,
      listen: { host: '127.0.0.1', port: options.port },
      cors: { origin: address },
      database: { client: 'better-sqlite3', connection: { directory: data } },
    },
    ...clustersConfig(options),
  };
  config.istio.audit = auditConfig(data);
  if (options.freezeWindows) config.istio.freezeWindows = options.freezeWindows;
  if (options.kubeconfig) config.app.signIn = { mode: 'local', people: [] };
  const file = join(local, `app-config.${options.port}.yaml`);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return { file, address };
}

/** A key of its own for each log, and an anchor; beside the database, where a real one must not be. */
function auditConfig(data) {
  const key = join(data, 'audit-key.pem');
  if (!existsSync(key)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(key, pem, { mode: 0o600 });
  }
  return {
    signingKey: { $file: key },
    anchors: [
      { name: 'file', file: { path: join(data, 'audit-anchor.ndjson') } },
    ],
  };
}

const dataFolder = ({ kubeconfig, lab }) => {
  if (lab) return 'lab';
  return kubeconfig ? 'cluster' : 'sandbox';
};

function clustersConfig(options) {
  if (options.lab) return labConfig(options);
  return options.kubeconfig ? clusterConfig(options) : sandboxConfig(options);
}

/** One cluster, the demo's people: Kubernetes users and groups are called as in the catalog there too. */
function labConfig({ sandboxPort, lab }) {
  const name = 'lab';
  return {
    kubernetes: {
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            {
              name,
              // Through the loopback interface; the certificate names localhost.
              url: `https://localhost:${sandboxPort}`,
              authProvider: 'serviceAccount',
              serviceAccountToken: lab.token,
              caFile: lab.caFile,
            },
          ],
        },
      ],
    },
    istio: {
      impersonation: { user: '{name}', groups: '{name}' },
      clusters: [
        {
          name,
          prometheus: { url: lab.prometheus, scrapeIntervalSeconds: 5 },
          jaeger: { url: lab.tracing },
        },
      ],
    },
  };
}

function sandboxConfig({ sandboxPort }) {
  const url = index => `http://127.0.0.1:${sandboxPort + index}`;
  const git = `127.0.0.1:${sandboxPort + 3}`;
  // The same server and repositories; an integration is found by its host's name.
  const gitLab = `localhost:${sandboxPort + 3}`;
  const token = 'sandbox-git';
  return {
    integrations: {
      github: [{ host: git, apiBaseUrl: `http://${git}/api/v3`, token }],
      gitlab: [
        {
          host: gitLab,
          baseUrl: `http://${gitLab}/gitlab`,
          apiBaseUrl: `http://${gitLab}/gitlab/api/v4`,
          token,
        },
      ],
    },
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
      git: {
        pollSeconds: 2,
        sources: [
          {
            name: 'shop-config',
            argocdApplications: ['storefront-staging'],
            repository: `http://${git}/shop/shop-config`,
            paths: ['staging/**'],
            newFiles: 'staging',
          },
          {
            name: 'shop-config-gitlab',
            argocdApplications: ['storefront-gitlab'],
            repository: `http://${gitLab}/gitlab/shop/shop-config`,
            paths: ['staging/**'],
            newFiles: 'staging',
          },
        ],
      },
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
