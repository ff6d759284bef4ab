import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { KubeObject } from '../kubernetes/types';
import { COMPARE_FOLDER } from './compareFolder';

/** The port that every workload serves HTTP on. */
export const PORT = 9080;

interface BaseWorkload {
  namespace: string;
  app: string;
  version: string;
  proxy?: boolean;
}

const workloads = (
  load(readFileSync(join(COMPARE_FOLDER, 'base.yaml'), 'utf8')) as {
    workloads: BaseWorkload[];
  }
).workloads;

export const NAMESPACES = [
  ...new Set(workloads.map(({ namespace }) => namespace)),
];

/** How questions call a Pod: its app where it has one version, else with the version. */
export const WORKLOAD_NAMES = workloads.map(nameOf);

function nameOf({ app, version }: BaseWorkload): string {
  return workloads.filter(one => one.app === app).length > 1
    ? `${app}-${version}`
    : app;
}

/** Namespaces, accounts, Services and Deployments; applying them again changes nothing. */
export function baseObjects(program: string): KubeObject[] {
  const namespaces = NAMESPACES.map(name => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const apps = new Map(
    workloads.map(one => [`${one.namespace}/${one.app}`, one]),
  );
  return [
    ...namespaces,
    ...[...apps.values()].flatMap(({ namespace, app }) => [
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: app, namespace },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: app, namespace, labels: { app } },
        spec: {
          selector: { app },
          ports: [{ name: 'http', port: PORT, targetPort: PORT }],
        },
      },
    ]),
    ...workloads.map(workload => deployment(workload, program)),
  ];
}

function deployment(workload: BaseWorkload, program: string): KubeObject {
  const { namespace, app, version, proxy = true } = workload;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: `${app}-${version}`,
      namespace,
      labels: { app, version },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app, version } },
      template: {
        metadata: {
          labels: { app, version, 'sidecar.istio.io/inject': String(proxy) },
        },
        spec: {
          serviceAccountName: app,
          containers: [
            {
              name: 'app',
              image: 'labapp',
              command: [
                program,
                'server',
                `--name=${app}`,
                `--version=${version}`,
                `--port=${PORT}`,
              ],
              ports: [{ containerPort: PORT }],
            },
          ],
        },
      },
    },
  };
}
