import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { post, remove } from '../world/KubeApi';

/**
 * A namespace for the tests of one file, gone with them. Call it where tests are declared; the paths are complete
 * when they run.
 */
export function testNamespace(purpose: string) {
  const name = `conformance-${purpose}-${randomBytes(3).toString('hex')}`;
  beforeAll(async () => {
    const made = await post('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
    expect(made.status).toBe(201);
  });
  afterAll(async () => {
    expect((await remove(`/api/v1/namespaces/${name}`)).status).toBe(200);
  });
  return {
    name,
    core: `/api/v1/namespaces/${name}`,
    virtualServices: `/apis/networking.istio.io/v1/namespaces/${name}/virtualservices`,
    destinationRules: `/apis/networking.istio.io/v1/namespaces/${name}/destinationrules`,
    rbac: `/apis/rbac.authorization.k8s.io/v1/namespaces/${name}`,
  };
}

/** Routes with `weight` of a hundred for v1. */
export function split(weight: number) {
  const to = (subset: string, share: number) => ({
    destination: { host: 'reviews', subset },
    weight: share,
  });
  return {
    hosts: ['reviews'],
    http: [{ route: [to('v1', weight), to('v2', 100 - weight)] }],
  };
}

export function virtualService(
  name: string | undefined,
  spec: unknown = split(80),
  metadata: Record<string, unknown> = {},
) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, ...metadata },
    spec,
  };
}

export function configMap(name: string, data: Record<string, string> = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** Waits until RBAC grants this: a real API server learns of new roles and bindings by watches of its own. */
export async function untilGranted(grant: {
  user: string;
  groups?: string[];
  verb: string;
  group?: string;
  resource: string;
  namespace?: string;
  name?: string;
}): Promise<void> {
  const { user, groups, ...resourceAttributes } = grant;
  for (;;) {
    const answer = await post(
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user, groups, resourceAttributes },
      },
    );
    if ((answer.body.status as { allowed: boolean }).allowed) return;
    // The test's own time ends a wait for what never comes.
    await sleep(100);
  }
}
