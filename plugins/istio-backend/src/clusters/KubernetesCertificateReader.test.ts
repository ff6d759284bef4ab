import type { CertificateReading } from '@istio-backstage/plugin-istio-common';
import { RunningSandbox, startSandbox } from '@istio-backstage/sandbox';
import { DefaultKubeClient } from './DefaultKubeClient';
import { KubernetesCertificateReader } from './KubernetesCertificateReader';

/** Of shop.example and *.shop.example, for a hundred years from 30 Nov 2026; nobody kept its key. */
const PEM = `-----BEGIN CERTIFICATE-----
MIIBzDCCAXKgAwIBAgIUfPadBaGos5X6I6JgRJdcdul3e14wCgYIKoZIzj0EAwIw
JjENMAsGA1UECgwEU2hvcDEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMCAXDTI2MTEz
MDIxMTMzOFoYDzIxMjYxMTA2MjExMzM4WjAmMQ0wCwYDVQQKDARTaG9wMRUwEwYD
VQQDDAxzaG9wLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATRRQfN
1ebwlw9YN8WZke+UkEtBM11iG9YkiiC+WVbSAPyW3V7UvDSiWJ2WSL1YgdKzPmL3
uj4tR4/uGYtDeWAbo3wwejAdBgNVHQ4EFgQUD6MZoPw5SJjHaaQ6tIuuck5j6K0w
HwYDVR0jBBgwFoAUD6MZoPw5SJjHaaQ6tIuuck5j6K0wDwYDVR0TAQH/BAUwAwEB
/zAnBgNVHREEIDAeggxzaG9wLmV4YW1wbGWCDiouc2hvcC5leGFtcGxlMAoGCCqG
SM49BAMCA0gAMEUCIQCcO/gccBzXCC2omfyWmLiycrII7v+a33WsSw8yI83cMAIg
Gg6n4B3h3ISTZMA7e/dWNhYaFjqIO9S7maep/xHiNNA=
-----END CERTIFICATE-----
`;
const KEY = 'the private key that nobody may see';
const SECRETS = '/api/v1/namespaces/istio-ingress/secrets';

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('KubernetesCertificateReader', () => {
  let sandbox: RunningSandbox;
  let clock = 0;

  beforeAll(async () => {
    sandbox = await startSandbox({ basePort: 0, clusters: ['prod-eu'] });
    await post('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      metadata: { name: 'gateway-certificates' },
      rules: [
        {
          apiGroups: [''],
          resources: ['secrets'],
          resourceNames: ['shop', 'broken', 'opaque', 'gone'],
          verbs: ['get'],
        },
      ],
    });
    await post(
      '/apis/rbac.authorization.k8s.io/v1/namespaces/istio-ingress/rolebindings',
      {
        metadata: { name: 'gateway-certificates' },
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: 'gateway-certificates',
        },
        subjects: [
          {
            kind: 'ServiceAccount',
            name: 'istio-portal',
            namespace: 'backstage',
          },
        ],
      },
    );
    const tls = (name: string, certificate: string) =>
      post(SECRETS, {
        type: 'kubernetes.io/tls',
        metadata: { name },
        data: {
          'tls.crt': base64(certificate),
          'tls.key': base64(KEY),
          'ca.crt': base64(PEM),
        },
      });
    await tls('shop', `${PEM}${PEM}`);
    await tls('secret', PEM);
    await tls(
      'broken',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    );
    await post(SECRETS, { metadata: { name: 'opaque' }, type: 'Opaque' });
  });

  afterAll(() => sandbox?.close());

  async function post(path: string, body: object): Promise<void> {
    const { status } = await fetch(`${sandbox.clusters[0].url}${path}`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sandbox-admin',
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    expect(status).toBe(201);
  }

  function open(url = sandbox.clusters[0].url) {
    const client = DefaultKubeClient.create({
      name: 'prod-eu',
      url,
      token: 'sandbox-portal',
    });
    const reader = KubernetesCertificateReader.create({
      clients: [client],
      now: () => clock,
    });
    const read = (...names: string[]) =>
      reader.read({
        cluster: 'prod-eu',
        secrets: names.map(name => ({ namespace: 'istio-ingress', name })),
      });
    return { reader, read, close: () => client.close() };
  }

  it('tells the public part of a chain and nothing else', async () => {
    const { read, close } = open();
    const [reading] = await read('shop');
    close();
    expect(reading).toMatchObject({ state: 'read' });
    const { chains } = reading as Extract<
      CertificateReading,
      { state: 'read' }
    >;
    expect(chains['tls.crt']).toHaveLength(2);
    expect(chains['tls.crt'][0]).toEqual({
      subject: 'O=Shop, CN=shop.example',
      issuer: 'O=Shop, CN=shop.example',
      dnsNames: ['shop.example', '*.shop.example'],
      notBefore: '2026-11-30T21:13:38.000Z',
      notAfter: '2126-11-06T21:13:38.000Z',
    });
    expect(Object.keys(chains)).toEqual(['tls.crt', 'ca.crt']);
    const told = JSON.stringify(reading);
    expect(told).not.toContain(KEY);
    expect(told).not.toContain(base64(KEY));
  });

  it('says why there is no certificate, without what the Secret holds', async () => {
    const { read, close } = open();
    const readings = await read('gone', 'broken', 'opaque', 'secret');
    close();
    expect(
      readings.map(reading =>
        reading.state === 'unreadable' ? reading.reason : reading.state,
      ),
    ).toEqual([
      'missing',
      'it holds no certificate that can be read',
      'it is of type Opaque, and only kubernetes.io/tls is looked at',
      'the portal’s account may not get it',
    ]);
    expect(JSON.stringify(readings)).not.toContain(base64(KEY));
  });

  it('asks once in a while, sooner where it could not read', async () => {
    const { read, close } = open();
    const asked = () =>
      sandbox.clusters[0].cluster.kubernetes.audit.filter(({ path }) =>
        path.startsWith(SECRETS),
      ).length;
    const before = asked();
    await read('shop', 'gone');
    await read('shop', 'gone');
    expect(asked() - before).toBe(2);
    clock += 60_000;
    await read('shop', 'gone');
    expect(asked() - before).toBe(3);
    clock += 300_000;
    await read('shop', 'gone');
    close();
    expect(asked() - before).toBe(5);
  });

  it('does not ask a cluster whose Secrets are not to be read, and waits for none that is gone', async () => {
    const { reader, close } = open();
    expect(
      await reader.read({
        cluster: 'prod-us',
        secrets: [{ namespace: 'istio-ingress', name: 'shop' }],
      }),
    ).toEqual([]);
    close();
    const gone = open('http://127.0.0.1:1');
    expect(await gone.read('shop')).toEqual([
      {
        namespace: 'istio-ingress',
        name: 'shop',
        state: 'unreadable',
        reason: 'the API server did not answer',
      },
    ]);
    gone.close();
  });
});
