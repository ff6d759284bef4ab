import { parseAnchors } from '@istio-backstage/plugin-istio-common';
import { RunningSandbox, startSandbox } from '@istio-backstage/sandbox';
import { DefaultKubeClient } from '../../clusters/DefaultKubeClient';
import { ConfigMapAnchor } from './ConfigMapAnchor';

const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/audit';

describe('ConfigMapAnchor', () => {
  const opened: DefaultKubeClient[] = [];
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ basePort: 0, clusters: ['prod-us'] });
  });
  afterAll(() => {
    opened.forEach(client => client.close());
    return sandbox.close();
  });

  const client = (token: string) => {
    const made = DefaultKubeClient.create({
      name: 'prod-us',
      url: sandbox.clusters[0].url,
      token,
    });
    opened.push(made);
    return made;
  };
  const post = async (path: string, body: object) => {
    const { status } = await client('sandbox-admin').request({
      method: 'POST',
      path,
      body,
    });
    expect([path, status]).toEqual([path, 201]);
  };
  const checkpoint = (number: number) => ({
    origin: 'portal.example.com/istio-audit',
    number,
    size: number * 10,
    note: `note ${number}\n`,
  });

  it('keeps the newest in order with no more rights than that takes, and gives them back', async () => {
    const anchor = ConfigMapAnchor.create({
      name: 'other-cluster',
      client: client('sandbox-portal'),
      namespace: 'audit',
      configMap: 'istio-portal',
    });
    await post('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'audit' },
    });
    await expect(anchor.deliver(checkpoint(1))).rejects.toThrow('403');
    await post(`${RBAC}/roles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'istio-portal-anchor', namespace: 'audit' },
      rules: [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
        {
          apiGroups: [''],
          resources: ['configmaps'],
          resourceNames: ['istio-portal'],
          verbs: ['get', 'patch'],
        },
      ],
    });
    await post(`${RBAC}/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'istio-portal-anchor', namespace: 'audit' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'Role',
        name: 'istio-portal-anchor',
      },
      subjects: [
        {
          kind: 'ServiceAccount',
          name: 'istio-portal',
          namespace: 'backstage',
        },
      ],
    });
    expect(await anchor.read()).toBe('');
    for (let number = 1; number <= 22; number += 1) {
      await anchor.deliver(checkpoint(number));
    }
    // At least once: the same again changes nothing.
    await anchor.deliver(checkpoint(22));
    const kept = parseAnchors('x', await anchor.read());
    expect(kept.map(({ note }) => note)).toEqual(
      Array.from({ length: 20 }, (_, at) => `note ${at + 3}\n`),
    );
  });
});
