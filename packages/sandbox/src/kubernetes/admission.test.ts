import {
  startTestCluster,
  type TestCluster,
} from './testUtils/startTestCluster';
import type { AdmissionCheck } from './types';

const PATH = '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices';
const WEBHOOKS =
  '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

function route(name: string, labels?: Record<string, string>) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, labels },
    spec: {
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews' } }] }],
    },
  };
}

/** Refuses by name; knows VirtualServices only. */
const admission: AdmissionCheck = object => ({
  judged: object.kind === 'VirtualService',
  errors:
    {
      one: ['total destination weight = 0'],
      two: ['first', 'second'],
    }[object.metadata.name] ?? [],
  warnings: object.metadata.name === 'odd' ? ['it is "odd"\nsomehow'] : [],
});

describe("admission by istiod's webhooks", () => {
  let target: TestCluster;
  afterEach(() => target.close());
  const create = (name: string, query = '', labels?: Record<string, string>) =>
    target.request('POST', `${PATH}${query}`, { body: route(name, labels) });

  describe('with a judge', () => {
    beforeEach(async () => {
      target = await startTestCluster({ admission });
    });

    it('denies in the words of the API server and of istiod', async () => {
      const denied = await create('one');
      expect(denied.status).toBe(400);
      expect(denied.body).toMatchObject({
        kind: 'Status',
        code: 400,
        message:
          'admission webhook "validation.istio.io" denied the request: configuration is invalid: total destination weight = 0',
      });
      expect(denied.body.reason).toBeUndefined();
      const several = await create('two');
      expect(several.body.message).toContain(
        'configuration is invalid: 2 errors occurred:\n\t* first\n\t* second\n',
      );
    });

    it('names the webhook of the revision for objects labelled with it', async () => {
      const denied = await create('one', '', { 'istio.io/rev': 'default' });
      expect(denied.body.message).toContain(
        'admission webhook "rev.validation.istio.io" denied the request',
      );
    });

    it('takes part in a dry run', async () => {
      expect((await create('one', '?dryRun=All')).status).toBe(400);
      expect((await create('fine', '?dryRun=All')).status).toBe(201);
      expect(
        target.cluster.store.list('virtualservices.networking.istio.io'),
      ).toEqual([]);
    });

    it('comes after the schema', async () => {
      const body = { ...route('one'), spec: { hosts: 'x' } };
      expect((await target.request('POST', PATH, { body })).status).toBe(422);
    });

    it('passes warnings on in one line', async () => {
      const answer = await create('odd');
      expect(answer.status).toBe(201);
      expect(answer.headers.get('warning')).toBe(
        '299 - "it is \\"odd\\" somehow"',
      );
    });

    it('warns of a kind nobody judges', async () => {
      const answer = await target.request(
        'POST',
        '/apis/telemetry.istio.io/v1/namespaces/catalog/telemetries',
        {
          body: {
            apiVersion: 'telemetry.istio.io/v1',
            kind: 'Telemetry',
            metadata: { name: 't' },
            spec: {},
          },
        },
      );
      expect(answer.status).toBe(201);
      expect(answer.headers.get('warning')).toContain(
        'the sandbox cannot judge this object as istiod would',
      );
    });

    it('is not asked about Gateway API, status, or when its configuration is gone', async () => {
      const gateway = await target.request(
        'POST',
        '/apis/gateway.networking.k8s.io/v1/namespaces/catalog/httproutes',
        {
          body: {
            apiVersion: 'gateway.networking.k8s.io/v1',
            kind: 'HTTPRoute',
            metadata: { name: 'one' },
            spec: {},
          },
        },
      );
      expect(gateway.status).toBe(201);
      expect(gateway.headers.get('warning')).toBeNull();
      for (const name of [
        'istiod-default-validator',
        'istio-validator-istio-system',
      ]) {
        await target.request('DELETE', `${WEBHOOKS}/${name}`);
      }
      expect((await create('one')).status).toBe(201);
    });

    it('judges updates too', async () => {
      target.cluster.store.apply({
        ...route('one'),
        metadata: { name: 'one', namespace: 'catalog' },
      });
      const denied = await target.request('PATCH', `${PATH}/one`, {
        type: 'application/merge-patch+json',
        body: { metadata: { labels: { a: 'b' } } },
      });
      expect(denied.status).toBe(400);
    });
  });

  it('without a judge warns and never says a silent yes', async () => {
    target = await startTestCluster();
    const answer = await create('one');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('warning')).toContain(
      'only its CRD schema was checked',
    );
  });
});
