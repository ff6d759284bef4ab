import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JSON_SCHEMA, load } from 'js-yaml';
import { EntityMatch } from '../../entity/types';
import { KindName } from '../../resources/kinds';
import { ObjectRef } from '../../resources/types';
import {
  deployment,
  kubeObject,
  namespace,
  NOW,
  service,
  snapshotOf,
} from '../../testUtils';
import { CertificateKnowledge, CertificateState } from '../certificates/types';
import { resolveExposure } from './resolveExposure';

interface Case {
  name: string;
  objects?: {
    is: string;
    spec: Record<string, unknown>;
    status?: Record<string, unknown>;
  }[];
  meshConfig?: Record<string, unknown>;
  /** Changes the Service `shop/web`. */
  service?: Record<string, unknown>;
  proxy?: 'sidecar' | 'none' | 'ambient';
  /** What was read of Secrets. */
  read?: CertificateKnowledge;
  expect: {
    /** "https://shop.example:443 SIMPLE via Gateway edge/public spec.servers[0] by VirtualService shop/web spec.http[0] at loadBalancer 203.0.113.7" */
    gateways?: string[];
    certificates?: string[];
    services?: string[];
    /** What is known of them, "soon: Ends in 4 days … <- Certificate edge/shop status.notAfter" */
    ends?: string[];
    /** "any <- istioDefault" */
    outbound?: string;
    hosts?: string[];
    caveats?: string[];
  };
}

const cases = load(
  readFileSync(join(__dirname, 'resolveExposure.cases.yaml'), 'utf8'),
  { schema: JSON_SCHEMA },
) as Case[];

const MATCH: EntityMatch = {
  nearMisses: [],
  workloads: [
    {
      cluster: 'prod-eu',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'web',
      podsReady: 1,
      podsDesired: 1,
      why: '',
    },
  ],
  services: [
    {
      cluster: 'prod-eu',
      namespace: 'shop',
      name: 'web',
      host: 'web.shop.svc.cluster.local',
      ports: [],
      why: '',
    },
  ],
};

/** A gateway's proxy in namespace edge, behind a load balancer. */
const EDGE = [
  namespace({ name: 'edge' }),
  ...deployment({
    namespace: 'edge',
    name: 'ingress',
    labels: { istio: 'ingress' },
    proxy: 'gateway',
  }),
  {
    ...service({
      namespace: 'edge',
      name: 'ingress',
      selector: { istio: 'ingress' },
      ports: [
        { name: 'http', port: 80, targetPort: 8080, nodePort: 30080 },
        { name: 'https', port: 443, targetPort: 8443, nodePort: 30443 },
      ],
      spec: { type: 'LoadBalancer' },
    }),
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
  },
];

function worldOf(given: Case) {
  const { proxy = 'sidecar' } = given;
  return snapshotOf(
    [
      namespace({ name: 'shop' }),
      ...EDGE,
      service({
        namespace: 'shop',
        name: 'web',
        ports: [{ name: 'http', port: 80, targetPort: 8080 }],
        spec: given.service ?? {},
      }),
      ...deployment({ namespace: 'shop', name: 'web', proxy }),
      ...(given.objects ?? []).map(({ is, spec, status }) => {
        const [kind, path] = is.split(' ');
        const [ns, name] = path.split('/');
        return kubeObject(
          kind as KindName,
          { namespace: ns, name },
          { spec, ...(status ? { status } : {}) },
        );
      }),
    ],
    { meshConfig: given.meshConfig ?? {} },
  );
}

function toldOf({ expiry, text, decidedBy }: CertificateState): string {
  return `${expiry}: ${text}${
    decidedBy ? ` <- ${refText(decidedBy.object)} ${decidedBy.fieldPath}` : ''
  }`;
}

function refText({ kind, namespace: ns, name }: ObjectRef): string {
  return `${kind} ${ns ? `${ns}/` : ''}${name}`;
}

function told(given: Case) {
  const answer = resolveExposure({
    snapshot: worldOf(given),
    match: MATCH,
    now: NOW,
    certificates: given.read ?? {},
  });
  const { gateways, services, outbound } = answer;
  return {
    gateways: gateways.map(each =>
      [
        `${each.protocol}://${each.host}:${each.port}`,
        each.httpsRedirect ? 'redirect' : each.tls,
        `via ${refText(each.gateway)} ${each.fieldPath}`,
        `by ${each.rules
          .map(({ object, fieldPath }) => `${refText(object)} ${fieldPath}`)
          .join(', ')}`,
        `at ${each.services
          .map(({ reach, addresses }) => [reach, ...addresses].join(' '))
          .join(', ')}`,
        ...(each.problem ? [`but ${each.problem}`] : []),
      ].join(' '),
    ),
    certificates: gateways.flatMap(each =>
      each.certificates.map(
        ({ kind, namespace: ns, name, fieldPath }) =>
          `${kind} ${ns ? `${ns}/` : ''}${name} (${fieldPath})`,
      ),
    ),
    ...(given.expect.ends
      ? {
          ends: gateways.flatMap(each =>
            each.certificates.map(({ certificate }) => toldOf(certificate)),
          ),
        }
      : {}),
    services: services.map(({ object, reach, ports, addresses }) =>
      `${refText(object)} ${reach} ${ports
        .map(({ port, nodePort }) => `${port}${nodePort ? `/${nodePort}` : ''}`)
        .join(',')} ${addresses.join(',')}`.trim(),
    ),
    outbound: `${outbound.mode} <- ${outbound.decidedBy
      .map(by => {
        if (by.by === 'object') {
          return `${refText(by.object)} ${by.fieldPath}`;
        }
        return by.by === 'meshConfig' ? `meshConfig ${by.fieldPath}` : by.by;
      })
      .join(', ')}`,
    hosts: outbound.hosts.map(
      ({ host, ports, object }) =>
        `${host}:${ports.join(',')} ${refText(object)}`,
    ),
    caveats: answer.caveats,
  };
}

const INGRESS =
  'Ingress objects are not read: what they expose is not in this answer.';

describe('resolveExposure', () => {
  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      expect(told(given)).toEqual({
        gateways: [],
        certificates: [],
        services: [],
        outbound: 'any <- istioDefault',
        hosts: [],
        ...given.expect,
        caveats: [...(given.expect.caveats ?? []), INGRESS],
      });
    },
  );

  it('says which kinds could not be read instead of calling the component closed', () => {
    const world = snapshotOf([], {
      freshness: { Gateway: { state: 'failed', error: 'forbidden' } },
    });
    const answer = resolveExposure({
      snapshot: world,
      match: MATCH,
      now: NOW,
    });
    expect(answer.caveats).toContain(
      'Gateway objects could not be read: what they open is not in this answer.',
    );
    expect(answer.outbound.mode).toBe('unknown');
  });
});
