import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { generateWorld } from '@istio-backstage/sandbox';

type Scenario = ReturnType<typeof generateWorld>;

/** Sees everything, changes nothing. */
export const VIEWER = 'bench-viewer';
/** Owns every component, in the portal and in the cluster. */
export const OWNER = 'bench-owner';

const BACKSTAGE = 'backstage.io/v1alpha1';

/** Writes catalog and configuration of the world; gives the path of the configuration. */
export function createWorldFiles(options: {
  folder: string;
  scenario: Scenario;
  sandboxUrl: string;
  port: number;
}): string {
  const { folder, scenario, sandboxUrl, port } = options;
  const catalog = join(folder, 'catalog.yaml');
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  writeFileSync(
    catalog,
    catalogOf(scenario)
      .map(one => dump(one))
      .join('---\n'),
  );
  const file = join(folder, 'app-config.yaml');
  writeFileSync(
    file,
    dump(configOf({ catalog, data, sandboxUrl, port, scenario })),
  );
  return file;
}

/** A component of the catalog and what it is in the cluster. */
export interface BenchComponent {
  entityRef: string;
  /** Also the name of its Service, and of its VirtualService where it has two versions. */
  name: string;
  namespace: string;
  /** Deployments, one per version, with their pods. */
  workloads: { name: string; pods: number }[];
}

/** The world's components, in the order of its services. */
export function componentsOf(scenario: Scenario): BenchComponent[] {
  return servicesOf(scenario).map(({ name, namespace, versions }) => ({
    entityRef: `component:default/${name}`,
    name,
    namespace,
    workloads: versions.map(({ version, replicas }) => ({
      // As the sandbox names them.
      name: versions.length === 1 ? name : `${name}-${version}`,
      pods: replicas,
    })),
  }));
}

/** Without the gateway, which belongs to no team. */
function servicesOf({ workloads, teams }: Scenario) {
  const namespaces = new Set(teams.map(({ name }) => name));
  return workloads.filter(({ namespace }) => namespaces.has(namespace));
}

function catalogOf(scenario: Scenario): object[] {
  const teams = scenario.teams.map(({ name }) => name);
  const group = (name: string) => ({
    apiVersion: BACKSTAGE,
    kind: 'Group',
    metadata: { name },
    spec: { type: 'team', children: [] },
  });
  const user = (name: string, memberOf: string[]) => ({
    apiVersion: BACKSTAGE,
    kind: 'User',
    metadata: { name },
    spec: { memberOf },
  });
  return [
    ...[...teams, 'viewers'].map(group),
    user(VIEWER, ['viewers']),
    user(OWNER, teams),
    ...servicesOf(scenario).map(({ name, namespace }) => ({
      apiVersion: BACKSTAGE,
      kind: 'Component',
      metadata: {
        name,
        annotations: {
          'backstage.io/kubernetes-label-selector': `app=${name}`,
          'backstage.io/kubernetes-namespace': namespace,
        },
      },
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner: `group:default/${namespace}`,
      },
    })),
  ];
}

/** Lies over app-config.yaml, as the file does that `npm start` writes. */
function configOf(options: {
  catalog: string;
  data: string;
  sandboxUrl: string;
  port: number;
  scenario: Scenario;
}): object {
  const { catalog, data, sandboxUrl, port, scenario } = options;
  const address = `http://127.0.0.1:${port}`;
  const [{ name }] = scenario.clusters;
  return {
    app: {
      baseUrl: address,
      signIn: {
        mode: 'sandbox',
        people: [VIEWER, OWNER].map(person => ({
          entityRef: `user:default/${person}`,
          name: person,
          role: person,
        })),
      },
    },
    backend: {
      baseUrl: address,
      listen: { host: '127.0.0.1', port },
      cors: { origin: address },
      database: { client: 'better-sqlite3', connection: { directory: data } },
    },
    catalog: {
      locations: [{ type: 'file', target: catalog }],
      // It reads all entities anew at intervals, in this same process: another plugin's work.
      processingInterval: { hours: 6 },
    },
    kubernetes: {
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            {
              name,
              url: sandboxUrl,
              authProvider: 'serviceAccount',
              serviceAccountToken: 'sandbox-portal',
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
          prometheus: {
            url: `${sandboxUrl}/prometheus`,
            scrapeIntervalSeconds: 5,
          },
        },
      ],
    },
  };
}
