import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, JSON_SCHEMA } from 'js-yaml';
import { KindName } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import { DecidedBy, KubeObject } from '../../resources/types';
import { deployment, kubeObject, service, snapshotOf } from '../../testUtils';
import { resolveMtlsPair } from './resolveMtlsPair';

interface Case {
  name: string;
  /** `Kind namespace/name {spec in flow style}` */
  objects?: string[];
  mesh?: Record<string, unknown>;
  client?: 'none' | 'ambient';
  server?: 'none' | 'ambient' | 'mixed';
  port?: number;
  subset?: string;
  expect: {
    mode?: string;
    sends?: string;
    outcome?: string;
    reason?: string;
    /** What made the client send that. */
    by?: string;
    proven?: boolean;
  };
}

const cases = load(
  readFileSync(join(__dirname, 'resolveMtlsPair.cases.yaml'), 'utf8'),
  { schema: JSON_SCHEMA },
) as Case[];

function parseObject(text: string, index: number): KubeObject {
  const [, kind, namespace, name, spec] =
    /^(\w+) ([\w-]+)\/([\w-]+) (\{.*\})$/.exec(text) ?? [];
  return kubeObject(
    kind as KindName,
    { namespace, name, creationTimestamp: `2026-01-0${index + 1}T00:00:00Z` },
    { spec: load(spec, { schema: JSON_SCHEMA }) as Record<string, unknown> },
  );
}

function server(proxy: Case['server']): KubeObject[] {
  const objects = deployment({
    namespace: 'shop',
    name: 'api',
    replicas: 2,
    ports: [{ containerPort: 8080 }, { containerPort: 9000 }],
    proxy: proxy === 'mixed' ? 'sidecar' : proxy,
  });
  if (proxy !== 'mixed') {
    return objects;
  }
  const bare = deployment({
    namespace: 'shop',
    name: 'api',
    replicas: 2,
    proxy: 'none',
  });
  return [...objects.slice(0, -1), bare[bare.length - 1]];
}

function describeDecider(by: DecidedBy | undefined): string {
  switch (by?.by) {
    case 'object':
      return `${describeObject(by.object)} ${by.fieldPath}`;
    case 'meshConfig':
      return `meshConfig ${by.fieldPath}`;
    default:
      return by?.by ?? '';
  }
}

describe('resolveMtlsPair', () => {
  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      const snapshot = snapshotOf(
        [
          ...server(given.server),
          ...deployment({
            namespace: 'shop',
            name: 'web',
            proxy: given.client,
          }),
          service({
            namespace: 'shop',
            name: 'api',
            ports: [
              { name: 'http', port: 80, targetPort: 8080 },
              { name: 'tcp', port: 81, targetPort: 9000 },
            ],
          }),
          ...(given.objects ?? []).map(parseObject),
        ],
        { meshConfig: given.mesh },
      );
      const answer = resolveMtlsPair({
        snapshot,
        server: { kind: 'Deployment', namespace: 'shop', name: 'api' },
        port: given.port ?? 8080,
        client: {
          workload: { kind: 'Deployment', namespace: 'shop', name: 'web' },
          ...(given.subset ? { subset: given.subset } : {}),
        },
      });
      const { mode, proven, by, reason, ...client } = given.expect;
      expect(answer).toMatchObject({
        mode: mode ?? answer.mode,
        proven: proven ?? true,
        client,
      });
      expect(answer.client?.reason).toContain(reason ?? '');
      const decider = describeDecider(answer.client?.decidedBy[0]);
      expect(decider).toBe(by ?? decider);
    },
  );

  it('says only what the port accepts where nobody calls', () => {
    const snapshot = snapshotOf(server(undefined));
    expect(
      resolveMtlsPair({
        snapshot,
        server: { kind: 'Deployment', namespace: 'shop', name: 'api' },
        port: 8080,
      }),
    ).toMatchObject({ mode: 'PERMISSIVE', port: 8080 });
  });
});
