import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, JSON_SCHEMA } from 'js-yaml';
import { fieldsListOf, fieldsOf } from '../../resources/fields';
import { apiVersionOf, KindName } from '../../resources/kinds';
import { DecidedBy, KubeObject } from '../../resources/types';
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
import { StrictReadiness, strictReadinessSchema } from './strictReadiness';

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
  objects?: Pick<KubeObject, 'kind' | 'metadata' | 'spec'>[];
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

function decisionText(decided: DecidedBy | undefined): string {
  return decided?.by === 'object'
    ? `${decided.object.namespace}/${decided.object.name} ${decided.fieldPath}`
    : '';
}

/** The result as the cases write it. */
function picture(result: StrictReadiness) {
  return {
    verdict: result.verdict,
    sentence: result.sentence,
    breaks: result.breaks.map(caller => ({
      who: nameOf(caller),
      cause: caller.cause,
      by: decisionText(caller.decidedBy[0]),
      fix: caller.fix,
      ports: caller.ports,
      unless: caller.unlessPorts,
    })),
    probes: result.probes.map(
      probe =>
        `${nameOf(probe)} ${probe.container} ${probe.probe} ${probe.port}`,
    ),
    open: result.openPorts.map(
      ({ port, mode, decidedBy, ...rest }) =>
        `${nameOf(rest)}:${port} ${mode} ${decisionText(decidedBy)}`,
    ),
    follows: result.follows.map(nameOf),
    unseen: result.unseen.map(nameOf),
    unknown: result.unknown,
    policies: result.policies.map(
      ({ namespace: ns, name, exists }) =>
        `${ns}/${name} ${exists ? 'exists' : 'new'}`,
    ),
  };
}

type Picture = ReturnType<typeof picture>;

/** What the case says; of what it does not say, whatever came out, but nobody breaks or follows unnamed. */
function expectedOf(given: Case, actual: Picture) {
  const { breaks = [], probes = [], follows = [] } = given;
  const { verdict, sentence, open, unseen, unknown, policies } = given;
  const silent = given.verdict === 'notReady' && !given.breaks && !given.probes;
  const named = { sentence, open, unseen, unknown, policies };
  return {
    ...actual,
    ...Object.fromEntries(
      Object.entries(named).filter(([, value]) => value !== undefined),
    ),
    verdict,
    probes,
    follows,
    breaks: silent
      ? actual.breaks
      : breaks.map(({ fix, unless = [], ...rest }, index) => ({
          ...actual.breaks[index],
          ...rest,
          fix: expect.stringContaining(fix ?? ''),
          unless,
        })),
  };
}

describe('assessStrictReadiness', () => {
  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      const result = assess(given);
      expect(strictReadinessSchema.parse(result)).toEqual(result);
      const actual = picture(result);
      expect(actual).toEqual(expectedOf(given, actual));
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
