import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, JSON_SCHEMA } from 'js-yaml';
import { KindName } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import { DecidedBy, KubeObject } from '../../resources/types';
import { withKind } from '../../snapshot/buildSnapshot';
import { MeshSnapshot } from '../../snapshot/types';
import { kubeObject, NOW, pod, service, snapshotOf } from '../../testUtils';
import { resolveAuthorization } from './resolveAuthorization';
import { AuthorizationAnswer, AuthorizationRequest } from './types';

interface Case {
  name: string;
  /** `Kind namespace/name {spec in flow style} annotation=value`; of a Namespace a label */
  objects?: string[];
  mesh?: Record<string, unknown>;
  port?: number;
  from?: { workload?: string; principal?: string; ip?: string };
  request?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  server?: { proxy: 'none' | 'ambient' | 'gateway' };
  expect: {
    decision: AuthorizationAnswer['decision'];
    by?: string[];
    reason?: string;
    missing?: string[];
    considered?: Record<string, string>;
    enforcedBy?: string;
    proven?: boolean;
  };
}

const cases = load(
  readFileSync(join(__dirname, 'resolveAuthorization.cases.yaml'), 'utf8'),
  { schema: JSON_SCHEMA },
) as Case[];

function parseObject(text: string, index: number): KubeObject {
  const [, kind, namespace, name, spec, annotation] =
    /^(\w+) ([\w-]+)\/([\w-]+) (\{.*\})(?: (\S+=\S+))?$/.exec(text) ?? [];
  const [key, value] = (annotation ?? '').split('=');
  if (kind === 'Namespace') {
    return kubeObject(kind, { name, labels: { [key]: value } });
  }
  return kubeObject(
    kind as KindName,
    {
      namespace,
      name,
      creationTimestamp: `2026-01-0${index + 1}T00:00:00Z`,
      ...(key ? { annotations: { [key]: value } } : {}),
    },
    { spec: load(spec, { schema: JSON_SCHEMA }) as Record<string, unknown> },
  );
}

function worldOf(given: Case): KubeObject[] {
  const withIp = (object: KubeObject, podIP: string): KubeObject => ({
    ...object,
    status: { ...object.status, podIP },
  });
  return [
    withIp(
      pod({
        namespace: 'shop',
        name: 'api',
        labels: { app: 'api' },
        proxy: given.server?.proxy,
      }),
      '10.1.0.1',
    ),
    withIp(
      pod({
        namespace: 'shop',
        name: 'web',
        labels: { app: 'web' },
        spec: { serviceAccountName: 'web', containers: [{ name: 'app' }] },
      }),
      '10.1.0.9',
    ),
    service({
      namespace: 'shop',
      name: 'api',
      ports: [
        { name: 'http', port: 80, targetPort: 8080 },
        { name: 'tcp', port: 9000 },
      ],
    }),
    ...(given.objects ?? []).map(parseObject),
  ];
}

function requestOf(given: Case): AuthorizationRequest {
  const { workload, ...from } = given.from ?? {
    principal: 'cluster.local/ns/shop/sa/web',
    ip: '10.1.0.9',
  };
  const request = {
    method: 'GET',
    path: '/a',
    host: 'api',
    from: {
      ...from,
      ...(workload
        ? {
            workload: {
              kind: 'Pod' as const,
              namespace: 'shop',
              name: workload,
            },
          }
        : {}),
    },
    to: {
      workload: { kind: 'Pod' as const, namespace: 'shop', name: 'api' },
      port: given.port ?? 8080,
    },
    ...given.request,
    ...(given.claims ? { token: { claims: given.claims } } : {}),
  };
  return request.method === null ? { ...request, method: undefined } : request;
}

function describeDecider(by: DecidedBy): string {
  return by.by === 'object'
    ? `${describeObject(by.object)} ${by.fieldPath}`
    : by.by;
}

describe('resolveAuthorization', () => {
  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      const snapshot = snapshotOf(worldOf(given), { meshConfig: given.mesh });
      const answer = resolveAuthorization({
        snapshot,
        request: requestOf(given),
      });
      const { by, reason, considered, ...same } = given.expect;
      expect(answer).toMatchObject(same);
      expect(answer.missing).toEqual(same.missing ?? []);
      const deciders = answer.decidedBy.map(describeDecider);
      expect(deciders).toEqual(by ?? deciders);
      expect(answer.reason).toContain(reason ?? '');
      for (const [policy, outcome] of Object.entries(considered ?? {})) {
        expect(answer.considered).toContainEqual(
          expect.objectContaining({
            policy: expect.objectContaining({
              object: expect.objectContaining({ name: policy.split('/')[1] }),
            }),
            outcome,
          }),
        );
      }
    },
  );

  it.each(['AuthorizationPolicy', 'RequestAuthentication', 'Pod'] as const)(
    'is unknown where %s objects cannot be read',
    kind => {
      const given: Case = { name: '', expect: { decision: 'unknown' } };
      const snapshot: MeshSnapshot = withKind(snapshotOf(worldOf(given)), {
        kind,
        objects: [],
        freshness: { state: 'failed' },
        asOf: NOW,
      });
      const answer = resolveAuthorization({
        snapshot,
        request: requestOf(given),
      });
      expect(answer.decision).toBe('unknown');
      expect(answer.missing).not.toEqual([]);
    },
  );
});
