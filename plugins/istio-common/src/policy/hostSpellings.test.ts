import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { KindName } from '../resources/kinds';
import { kubeObject } from '../testUtils/objects';
import { judgeCreated } from './policyWorld.testdata';

type Owner = 'own' | 'foreign' | 'external' | 'gateway';

const SPELLINGS = load(
  readFileSync(join(__dirname, 'hostSpellings.cases.yaml'), 'utf8'),
) as { host: string; is: Owner }[];

interface Place {
  name: string;
  kind: KindName;
  spec: (host: string) => Record<string, unknown>;
  /** Whose hosts may stand there. */
  allowed: readonly Owner[];
}

const route = (
  name: string,
  allowed: readonly Owner[],
  fields: Record<string, unknown>,
): Place => ({
  name: `VirtualService ${name}`,
  kind: 'VirtualService',
  allowed,
  spec: host => ({
    hosts: [host],
    ...fields,
    http: [{ route: [{ destination: { host: 'reviews' } }] }],
  }),
});

const PRIVATE = { exportTo: ['.'] };
const SHARED = 'istio-ingress/shop';

/** Every place where a host takes requests, on the mesh by default, by name, and on gateways. */
const PLACES: Place[] = [
  route('without gateways', ['own', 'gateway'], {}),
  route('with no gateways in the list', ['own', 'gateway'], { gateways: [] }),
  route('on mesh', ['own', 'gateway'], { gateways: ['mesh'] }),
  route('on mesh and a gateway', ['own', 'gateway'], {
    gateways: ['mesh', SHARED],
  }),
  route('on a gateway and mesh', ['own', 'gateway'], {
    gateways: [SHARED, 'mesh'],
  }),
  route('on a gateway', ['own', 'gateway'], { gateways: [SHARED] }),
  route('on mesh, exported to all', ['own', 'gateway'], { exportTo: ['*'] }),
  route('on mesh, exported to another', ['own', 'gateway'], {
    exportTo: ['.', 'payments'],
  }),
  route('on mesh, private', ['own', 'gateway', 'external'], PRIVATE),
  {
    name: 'DestinationRule',
    kind: 'DestinationRule',
    allowed: ['own'],
    spec: host => ({ host }),
  },
  {
    name: 'DestinationRule, private',
    kind: 'DestinationRule',
    allowed: ['own', 'external'],
    spec: host => ({ host, ...PRIVATE }),
  },
  {
    name: 'ServiceEntry',
    kind: 'ServiceEntry',
    allowed: ['external'],
    spec: host => ({ hosts: [host], ...PRIVATE }),
  },
  {
    name: 'ServiceEntry, exported',
    kind: 'ServiceEntry',
    allowed: [],
    spec: host => ({ hosts: [host] }),
  },
  {
    name: 'HTTPRoute',
    kind: 'HTTPRoute',
    allowed: ['gateway'],
    spec: host => ({
      hostnames: [host],
      parentRefs: [{ name: 'shop', namespace: 'istio-ingress' }],
    }),
  },
  {
    name: 'Gateway',
    kind: 'Gateway',
    allowed: ['gateway'],
    spec: host => ({
      servers: [{ port: { number: 443 }, hosts: [host] }],
    }),
  },
  {
    name: 'Gateway, for one namespace',
    kind: 'Gateway',
    allowed: ['gateway'],
    spec: host => ({
      servers: [{ port: { number: 443 }, hosts: [`catalog/${host}`] }],
    }),
  },
];

const OWNERSHIP = [
  'host-ownership',
  'external-services',
  'gateway-hosts',
  'wildcard-hosts',
];

describe('host spellings', () => {
  it('are a corpus, each once', () => {
    const hosts = SPELLINGS.map(({ host }) => host);
    expect(new Set(hosts).size).toBe(hosts.length);
    expect(hosts.length).toBeGreaterThanOrEqual(60);
    expect(hosts.length * PLACES.length).toBeGreaterThan(1500);
  });

  it.each(PLACES)('$name', ({ kind, spec, allowed }) => {
    const wrong = SPELLINGS.filter(({ host, is }) => {
      const denied = judgeCreated(
        kubeObject(
          kind,
          { namespace: 'catalog', name: 'subject' },
          { spec: spec(host) },
        ),
      ).some(
        ({ policy, verdict }) =>
          OWNERSHIP.includes(policy) && verdict === 'deny',
      );
      return denied === allowed.includes(is);
    });
    expect(wrong).toEqual([]);
  });
});
