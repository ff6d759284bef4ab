import { createMockDirectory } from '@backstage/backend-test-utils';
import type { ClusterConfig } from '../config';
import { ConfigClusterSupplier } from './ConfigClusterSupplier';
import { DefaultKubeClient } from './DefaultKubeClient';
import { FakeApiServer } from './testing/FakeApiServer';

const KUBECONFIG = (server: string, user: object) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'first',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [
      { name: 'u', user },
      { name: 'other', user: { token: 'other-token' } },
    ],
    contexts: [
      { name: 'first', context: { cluster: 'c', user: 'u' } },
      { name: 'second', context: { cluster: 'c', user: 'other' } },
    ],
  });

function cluster(connection: ClusterConfig['connection']): ClusterConfig {
  return {
    name: 'lab',
    rootNamespace: 'istio-system',
    domain: 'cluster.local',
    connection,
  };
}

describe('ConfigClusterSupplier', () => {
  const directory = createMockDirectory();
  const kubeconfig = (context?: string) =>
    cluster({
      kubeconfig: {
        file: directory.resolve('config'),
        context,
        key: 'istio.clusters[0].kubeconfig',
      },
    });
  const supply = async (config: ClusterConfig, podTokenFile = '/nowhere') => {
    const clusters = [config];
    const supplier = ConfigClusterSupplier.create({ clusters, podTokenFile });
    const [connection] = await supplier.listClusters();
    return connection;
  };

  it('resolves the current context of a kubeconfig', async () => {
    directory.setContent({
      config: KUBECONFIG('https://lab:6443', {
        'client-certificate-data': 'Y2VydA==',
        'client-key-data': 'a2V5',
      }),
    });
    expect(await supply(kubeconfig())).toMatchObject({
      name: 'lab',
      url: 'https://lab:6443',
      clientCertificate: { certData: 'Y2VydA==', keyData: 'a2V5' },
    });
  });

  it('takes another context when one is named', async () => {
    directory.setContent({ config: KUBECONFIG('https://lab:6443', {}) });
    expect(await supply(kubeconfig('second'))).toMatchObject({
      token: 'other-token',
    });
  });

  it.each([
    [
      'a file that is not there',
      undefined,
      undefined,
      'istio.clusters[0].kubeconfig.file: there is no file',
    ],
    [
      'a context that is not there',
      KUBECONFIG('https://lab:6443', {}),
      'third',
      "has no context 'third'; it has first, second",
    ],
    [
      'a server that is no web address',
      KUBECONFIG('ftp://lab', {}),
      undefined,
      "the cluster's server must start with http:// or https://",
    ],
    ['a file that is no kubeconfig', ']]', undefined, 'cannot be read as a'],
  ])('refuses %s', async (_, content, context, message) => {
    directory.setContent(content === undefined ? {} : { config: content });
    await expect(supply(kubeconfig(context))).rejects.toThrow(message);
  });

  it('needs a token unless the backend runs in a pod', async () => {
    const config = cluster({
      name: 'lab',
      url: 'https://lab',
      skipTlsVerify: false,
      key: 'kubernetes.clusterLocatorMethods[0].clusters[0]',
    });
    await expect(supply(config)).rejects.toThrow(
      'kubernetes.clusterLocatorMethods[0].clusters[0].serviceAccountToken: missing',
    );
    directory.setContent({ token: 'pod-token' });
    const tokenFile = directory.resolve('token');
    expect(await supply(config, tokenFile)).toMatchObject({ tokenFile });
  });

  it.each([
    ['a token', { token: 'static-token' }, 'Bearer static-token'],
    [
      'user and password',
      { username: 'me', password: 'pw' },
      `Basic ${Buffer.from('me:pw').toString('base64')}`,
    ],
    [
      'an exec plugin',
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'echo',
          args: [
            JSON.stringify({
              apiVersion: 'client.authentication.k8s.io/v1',
              kind: 'ExecCredential',
              status: { token: 'exec-token' },
            }),
          ],
        },
      },
      'Bearer exec-token',
    ],
  ])('signs in with %s of a kubeconfig', async (_, user, authorization) => {
    const api = await FakeApiServer.start();
    directory.setContent({ config: KUBECONFIG(api.url, user) });
    const client = DefaultKubeClient.create(await supply(kubeconfig()));
    const { status, body } = await client.request({
      method: 'GET',
      path: '/version',
    });
    client.close();
    await api.close();
    expect({ status, body }).toEqual({
      status: 200,
      body: { gitVersion: 'v1.33.0' },
    });
    expect(api.seen[0].authorization).toBe(authorization);
  });

  it('signs in with the token of its pod', async () => {
    const api = await FakeApiServer.start();
    directory.setContent({ token: 'first' });
    const client = DefaultKubeClient.create({
      name: 'lab',
      url: api.url,
      tokenFile: directory.resolve('token'),
    });
    await client.request({ method: 'GET', path: '/version' });
    client.close();
    await api.close();
    expect(api.seen[0].authorization).toBe('Bearer first');
  });
});
