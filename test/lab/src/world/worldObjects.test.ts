import { loadScenario } from '@istio-backstage/sandbox';
import { readWorldFile } from './worldFile';
import { worldObjects } from './worldObjects';
import type { WorkloadSettings } from './workloadSettings';

const place = {
  labapp: '/bin/labapp',
  hosts: '10.20.7.9 cardnet.example',
  certificateOf: (host: string) => ({
    certificate: `/x/${host}.crt`,
    key: `/x/${host}.key`,
  }),
};
const objects = worldObjects(readWorldFile('shop'), {
  scenario: loadScenario('shop'),
  place,
  now: Date.parse('2026-01-05T12:00:00Z'),
});
const named = (kind: string, name: string) => {
  const found = objects.find(
    ({ object }) => object.kind === kind && object.metadata.name === name,
  );
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};

interface DeploymentSpec {
  template: {
    metadata: { annotations: Record<string, string> };
    spec: {
      serviceAccountName: string;
      containers: {
        name: string;
        command?: string[];
        env?: { value: string }[];
      }[];
    };
  };
}
const specOf = (name: string) =>
  named('Deployment', name).object.spec as unknown as DeploymentSpec;
const settingsOf = (name: string): WorkloadSettings =>
  JSON.parse(specOf(name).template.spec.containers[0].env![0].value);

describe('the world "shop"', () => {
  it('keeps names, labels, routes and who wrote them', () => {
    const { object } = named('Deployment', 'reviews-v2');
    expect(object.metadata.labels).toEqual({ app: 'reviews', version: 'v2' });
    expect(specOf('reviews-v2').template.spec.serviceAccountName).toBe(
      'reviews',
    );
    expect(
      JSON.stringify(named('VirtualService', 'reviews').object.spec),
    ).toContain('"weight":80');
    expect(named('ServiceEntry', 'cardnet').manager).toBe('helm');
    expect(named('ClusterRole', 'istio-portal').object.rules).toBeDefined();
  });

  it('carries nothing that the API server or its controllers make', () => {
    const kinds = new Set(objects.map(({ object }) => object.kind));
    expect([...kinds]).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(Pod|ReplicaSet)$/)]),
    );
    for (const { object } of objects) {
      expect(object.metadata).not.toHaveProperty('uid');
      expect(object.metadata).not.toHaveProperty('creationTimestamp');
      expect(object).not.toHaveProperty('status');
    }
  });

  it('leaves ambient out', () => {
    expect(
      objects.some(({ object }) => object.metadata.namespace === 'insights'),
    ).toBe(false);
  });

  it('creates namespaces before what is in them, Deployments last', () => {
    const kinds = objects.map(({ object }) => object.kind);
    expect(kinds.lastIndexOf('Namespace')).toBeLessThan(
      kinds.indexOf('Service'),
    );
    expect(kinds.indexOf('Deployment')).toBeGreaterThan(
      kinds.lastIndexOf('VirtualService'),
    );
  });

  it('turns calls and failures into what programs do', () => {
    const checkout = settingsOf('checkout');
    expect(checkout.calls).toContainEqual(
      expect.objectContaining({
        address: 'payments.payments:8080',
        onFailure: 502,
      }),
    );
    // v2 gives up after two seconds and ends its own connection; the server hangs longer than that.
    expect(settingsOf('payments-v2').calls).toContainEqual(
      expect.objectContaining({
        address: 'legacy-billing.legacy:8080',
        timeoutMillis: 2000,
        onFailure: 0,
      }),
    );
    expect(settingsOf('legacy-billing').failures).toEqual([
      { share: 0.32, paths: ['/invoices'], status: 0, waitMillis: 3000 },
    ]);
    expect(settingsOf('ledger-db').listen).toEqual([
      { port: 5432, protocol: 'tcp' },
    ]);
  });

  it('makes the gateway’s Pod by injection and its visitors a Pod outside', () => {
    expect(
      specOf('istio-ingressgateway').template.metadata.annotations,
    ).toMatchObject({ 'inject.istio.io/templates': 'gateway' });
    const [pages] = settingsOf('visitors').sends!;
    expect(pages).toMatchObject({
      address: 'istio-ingressgateway.istio-ingress:80',
      requests: expect.arrayContaining([
        expect.objectContaining({ headers: { host: 'shop.example' } }),
      ]),
    });
    expect(pages.perSecond).toBeCloseTo(10.3, 0);
    expect(specOf('cardnet').template.metadata.annotations).toEqual({
      'lab/ip': '9',
    });
  });
});

it('says which worlds there are', () => {
  expect(() => readWorldFile('nowhere')).toThrow(/empty, shop/);
});
