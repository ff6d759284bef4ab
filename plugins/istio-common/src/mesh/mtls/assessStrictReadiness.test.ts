import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, JSON_SCHEMA } from 'js-yaml';
import { fieldsListOf, fieldsOf } from '../../resources/fields';
import { apiVersionOf, KindName } from '../../resources/kinds';
import { KubeObject } from '../../resources/types';
import { withKind } from '../../snapshot/buildSnapshot';
import {
  connections,
  deployment,
  DeploymentOptions,
  namespace,
  NOW,
  observation,
  requests,
  service,
  snapshotOf,
} from '../../testUtils';
import {
  RequestSample,
  SecurityPolicy,
  TcpSample,
} from '../../telemetry/types';
import { assessStrictReadiness } from './assessStrictReadiness';
import { StrictScope } from './planStrict';
import { strictReadinessSchema } from './strictReadiness';

interface Calls {
  from?: string;
  to: string;
  service?: string;
  plain?: number;
  encrypted?: number;
  tcp?: number;
  bytes?: number;
  security?: SecurityPolicy;
}

interface Case {
  name: string;
  scope: string;
  seconds?: number;
  error?: string;
  unread?: KindName;
  meshConfig?: Record<string, unknown>;
  leftOut?: { cluster: string; why: string }[];
  namespaces: Record<string, 'enabled' | 'ambient' | 'none'>;
  workloads: {
    name: string;
    proxy?: DeploymentOptions['proxy'];
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ports?: number[];
    probes?: Record<string, unknown>;
  }[];
  services?: {
    name: string;
    selector?: Record<string, string>;
    ports: (number | Record<string, unknown>)[];
  }[];
  objects?: Omit<KubeObject, 'apiVersion'>[];
  traffic: Calls[];
  verdict: string;
  sentence?: string;
  breaks?: {
    who: string;
    cause: string;
    by?: string;
    fix?: string;
    ports?: number[];
    unless?: number[];
  }[];
  probes?: string[];
  open?: string[];
  follows?: string[];
  unseen?: string[];
  unknown?: string[];
  policies?: string[];
}

const cases = load(
  readFileSync(join(__dirname, 'assessStrictReadiness.cases.yaml'), 'utf8'),
  { schema: JSON_SCHEMA },
) as Case[];

/** `shop/api` as telemetry's helpers write it. */
function dotted(text: string | undefined): string | undefined {
  return text?.split('/').reverse().join('.');
}

function workloadObjects(given: Case): KubeObject[] {
  return given.workloads.flatMap(({ name, probes, ports = [], ...rest }) => {
    const [ns, own] = name.split('/');
    const objects = deployment({
      namespace: ns,
      name: own,
      ports: ports.map(containerPort => ({ containerPort })),
      ...rest,
    });
    return probes ? objects.map(object => withProbes(object, probes)) : objects;
  });
}

function withProbes(
  object: KubeObject,
  probes: Record<string, unknown>,
): KubeObject {
  if (object.kind !== 'Pod') {
    return object;
  }
  const spec = fieldsOf(object.spec);
  const containers = fieldsListOf(spec.containers).map((container, index) =>
    index === 0 ? { ...container, ...probes } : container,
  );
  return { ...object, spec: { ...spec, containers } };
}

function objectsOf(given: Case): KubeObject[] {
  return [
    ...Object.entries(given.namespaces).map(([name, mesh]) =>
      namespace({
        name,
        injected: mesh === 'enabled',
        ...(mesh === 'ambient'
          ? { labels: { 'istio.io/dataplane-mode': 'ambient' } }
          : {}),
      }),
    ),
    ...workloadObjects(given),
    ...(given.services ?? []).map(({ name, selector, ports }) => {
      const [ns, own] = name.split('/');
      return service({
        namespace: ns,
        name: own,
        ...(selector ? { selector } : {}),
        ports: ports.map(port =>
          typeof port === 'number'
            ? { name: `http-${port}`, port, targetPort: port }
            : port,
        ),
      });
    }),
    ...(given.objects ?? []).map(object => ({
      ...object,
      apiVersion: apiVersionOf(object.kind as KindName),
    })),
  ];
}

function samplesOf(traffic: readonly Calls[]): (RequestSample | TcpSample)[] {
  return traffic.flatMap(calls => {
    const ends = {
      from: dotted(calls.from),
      to: dotted(calls.to),
      service: dotted(calls.service),
    };
    const samples: (RequestSample | TcpSample)[] = [];
    if (calls.plain !== undefined) {
      samples.push(requests(calls.plain, { ...ends, security: 'none' }));
    }
    if (calls.encrypted !== undefined) {
      samples.push(
        requests(calls.encrypted, {
          ...ends,
          security: calls.security ?? 'mutual_tls',
        }),
      );
    }
    if (calls.tcp !== undefined) {
      samples.push(
        connections(calls.tcp, {
          ...ends,
          security: calls.security ?? 'none',
          sentBytes: calls.bytes ?? 10,
        }),
      );
    }
    return samples;
  });
}

function scopeOf(text: string): StrictScope {
  if (text === 'mesh') {
    return { kind: 'mesh' };
  }
  if (text.startsWith('namespace ')) {
    return { kind: 'namespace', namespace: text.slice('namespace '.length) };
  }
  const [ns, name] = text.split('/');
  return {
    kind: 'workloads',
    workloads: [
      { cluster: 'prod-eu', kind: 'Deployment', namespace: ns, name },
    ],
  };
}

function assess(given: Case) {
  const snapshot = snapshotOf(objectsOf(given), {
    ...(given.meshConfig ? { meshConfig: given.meshConfig } : {}),
  });
  const { error, unread, leftOut } = given;
  return assessStrictReadiness({
    scope: scopeOf(given.scope),
    snapshots: [
      unread
        ? withKind(snapshot, {
            kind: unread,
            objects: [],
            freshness: { state: 'failed', error: 'forbidden' },
            asOf: NOW,
          })
        : snapshot,
    ],
    observations: [
      observation(samplesOf(given.traffic), {
        window: { to: NOW, seconds: given.seconds ?? 86_400 },
        ...(error ? { error } : {}),
      }),
    ],
    ...(leftOut ? { leftOut } : {}),
  });
}

const nameOf = (each: { namespace?: string; workload?: string }) =>
  each.workload === undefined
    ? 'unnamed'
    : `${each.namespace}/${each.workload}`;

describe('assessStrictReadiness', () => {
  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      const result = assess(given);
      expect(strictReadinessSchema.parse(result)).toEqual(result);
      expect([result.verdict, result.sentence]).toEqual([
        given.verdict,
        given.sentence ?? result.sentence,
      ]);
      expect(result.breaks.map(nameOf)).toEqual(
        given.verdict === 'notReady' && !given.breaks && !given.probes
          ? result.breaks.map(nameOf)
          : (given.breaks ?? []).map(({ who }) => who),
      );
      given.breaks?.forEach((expected, index) => {
        const found = result.breaks[index];
        expect(found.cause).toBe(expected.cause);
        expect(found.fix).toContain(expected.fix ?? '');
        expect(found.unlessPorts).toEqual(expected.unless ?? []);
        if (expected.ports) expect(found.ports).toEqual(expected.ports);
        if (expected.by) {
          const [decided] = found.decidedBy;
          expect(
            decided.by === 'object' &&
              `${decided.object.namespace}/${decided.object.name} ${decided.fieldPath}`,
          ).toBe(expected.by);
        }
      });
      expect(
        result.probes.map(
          probe =>
            `${nameOf(probe)} ${probe.container} ${probe.probe} ${probe.port}`,
        ),
      ).toEqual(given.probes ?? []);
      expect(result.follows.map(nameOf)).toEqual(given.follows ?? []);
      expect(result.unknown).toEqual(given.unknown ?? result.unknown);
      if (given.unseen) expect(result.unseen.map(nameOf)).toEqual(given.unseen);
      if (given.open) {
        expect(
          result.openPorts.map(({ port, mode, decidedBy, ...rest }) =>
            [
              `${nameOf(rest)}:${port} ${mode}`,
              ...(decidedBy.by === 'object'
                ? [
                    `${decidedBy.object.namespace}/${decidedBy.object.name}`,
                    decidedBy.fieldPath,
                  ]
                : []),
            ].join(' '),
          ),
        ).toEqual(given.open);
      }
      if (given.policies) {
        expect(
          result.policies.map(
            ({ namespace: ns, name, exists }) =>
              `${ns}/${name} ${exists ? 'exists' : 'new'}`,
          ),
        ).toEqual(given.policies);
      }
    },
  );

  it('tells who still calls from who did hours ago, with the rate', () => {
    const given = cases.find(({ name }) => name.startsWith('the mock')) as Case;
    const snapshot = snapshotOf(objectsOf(given));
    const { breaks } = assessStrictReadiness({
      scope: scopeOf(given.scope),
      snapshots: [snapshot],
      observations: [
        observation(samplesOf(given.traffic), {
          window: { to: NOW, seconds: 3600 },
        }),
      ],
      recent: [
        observation(
          samplesOf([
            {
              from: 'legacy/legacy-billing',
              to: 'payments/payments-v1',
              plain: 3,
            },
          ]),
        ),
      ],
    });
    expect(
      breaks.map(({ workload, lastSeenWithinSeconds, perSecond }) => [
        workload,
        lastSeenWithinSeconds,
        perSecond.toFixed(3),
      ]),
    ).toEqual([
      ['catalog-v1', 3600, '0.064'],
      ['legacy-billing', 300, '0.028'],
    ]);
  });

  it('changes nothing in the snapshot it was given', () => {
    const given = cases[0];
    const snapshot = snapshotOf(objectsOf(given));
    const before = JSON.stringify(snapshot.list('PeerAuthentication'));
    assessStrictReadiness({
      scope: scopeOf(given.scope),
      snapshots: [snapshot],
      observations: [],
    });
    expect(JSON.stringify(snapshot.list('PeerAuthentication'))).toBe(before);
  });
});
