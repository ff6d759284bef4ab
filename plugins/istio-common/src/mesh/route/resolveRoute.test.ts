import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JSON_SCHEMA, load } from 'js-yaml';
import { KindName } from '../../resources/kinds';
import { KubeObject } from '../../resources/types';
import { kubeObject, pod, service, snapshotOf } from '../../testUtils';
import { resolveRoute } from './resolveRoute';
import { RouteAnswer, RouteRequest } from './types';

/** An object in short: `VirtualService a/web`, the first listed being the oldest unless `day` says else. */
interface ShortObject {
  is: string;
  day?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec: Record<string, unknown>;
}

interface Case {
  name: string;
  objects?: ShortObject[];
  meshConfig?: Record<string, unknown>;
  /** `a/client` unless said otherwise: labels app=client. */
  from?: RouteRequest['from'];
  request: Partial<RouteRequest>;
  expect: {
    outcome?: string;
    /** `web.a.svc.cluster.local:80`, `web.a.svc.cluster.local[v1]:80 25%`, and the problem's code. */
    to?: string[];
    /** `VirtualService a/web spec.http[0]` */
    rule?: string | null;
    /** Each has to be among what decided. */
    decidedBy?: string[];
    /** `VirtualService a/web lostToOlder`, each has to be there. */
    considered?: string[];
    unreachable?: string[];
    shadowed?: string[];
    /** The rest, compared as a part of the answer. */
    answer?: Record<string, unknown>;
  };
}

const HTTP = [{ name: 'http', port: 80, targetPort: 8080 }];

/** Services `web`, `api` and `client` of namespace `a`, `store` of `b`, with pods of two versions. */
const WORLD: readonly KubeObject[] = [
  service({ namespace: 'a', name: 'web', ports: HTTP }),
  service({
    namespace: 'a',
    name: 'api',
    ports: [...HTTP, { name: 'http-admin', port: 8080 }],
  }),
  service({
    namespace: 'b',
    name: 'store',
    ports: [
      ...HTTP,
      { name: 'tcp-raw', port: 9000 },
      { name: 'https', port: 443 },
      { name: 'guess', port: 7000 },
    ],
  }),
  ...['web', 'api', 'client'].flatMap(app => podsOf('a', app)),
  ...podsOf('b', 'store'),
];

function podsOf(namespace: string, app: string): KubeObject[] {
  return ['v1', 'v2'].map(version =>
    pod({ namespace, name: `${app}-${version}`, labels: { app, version } }),
  );
}

function expand(short: ShortObject, index: number): KubeObject {
  const [kind, path] = short.is.split(' ');
  const [namespace, name] = path.split('/');
  const day = String(short.day ?? index + 1).padStart(2, '0');
  return kubeObject(
    kind as KindName,
    {
      namespace,
      name,
      creationTimestamp: `2026-01-${day}T00:00:00Z`,
      ...(short.labels ? { labels: short.labels } : {}),
      ...(short.annotations ? { annotations: short.annotations } : {}),
    },
    { spec: short.spec },
  );
}

function refText(object: { kind: string; namespace?: string; name: string }) {
  return `${object.kind} ${object.namespace}/${object.name}`;
}

function targetText(target: RouteAnswer['destinations'][number]): string {
  const { host, subset, port, percent, problem } = target;
  return [
    `${host}${subset === undefined ? '' : `[${subset}]`}:${port}`,
    ...(percent === 100 ? [] : [`${Math.round(percent * 10) / 10}%`]),
    ...(problem ? [problem.code] : []),
  ].join(' ');
}

function decisions({ decidedBy }: RouteAnswer): string[] {
  return decidedBy.map(by => {
    switch (by.by) {
      case 'object':
        return `${refText(by.object)} ${by.fieldPath}`;
      case 'meshConfig':
        return `meshConfig ${by.fieldPath}`;
      default:
        return by.by;
    }
  });
}

const files = readdirSync(join(__dirname, 'cases')).sort();

describe.each(files)('%s', file => {
  const cases = load(readFileSync(join(__dirname, 'cases', file), 'utf8'), {
    schema: JSON_SCHEMA,
  }) as Case[];

  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      const { expect: wanted } = given;
      const snapshot = snapshotOf(
        [...WORLD, ...(given.objects ?? []).map(expand)],
        { meshConfig: given.meshConfig ?? {} },
      );
      const answer = resolveRoute({
        snapshot,
        request: {
          from: given.from ?? {
            kind: 'workload',
            namespace: 'a',
            labels: { app: 'client' },
          },
          host: 'web',
          port: 80,
          ...given.request,
        },
      });
      const told = {
        outcome: answer.outcome,
        to: answer.destinations.map(targetText),
        rule: answer.rule
          ? `${refText(answer.rule.object)} ${answer.rule.path}`
          : null,
      };
      const { outcome = told.outcome, to = told.to, rule = told.rule } = wanted;
      expect(told).toEqual({ outcome, to, rule });
      expect(decisions(answer)).toEqual(
        expect.arrayContaining(wanted.decidedBy ?? []),
      );
      expect(
        answer.considered.map(
          item =>
            `${refText(item.object)}${item.path ? ` ${item.path}` : ''} ${
              item.reason
            }`,
        ),
      ).toEqual(expect.arrayContaining(wanted.considered ?? []));
      expect(
        answer.unreachable.map(item => `${refText(item.object)} ${item.path}`),
      ).toEqual(expect.arrayContaining(wanted.unreachable ?? []));
      expect(answer.shadowed.map(item => refText(item.object))).toEqual(
        expect.arrayContaining(wanted.shadowed ?? []),
      );
      expect(answer).toMatchObject(wanted.answer ?? {});
    },
  );
});
