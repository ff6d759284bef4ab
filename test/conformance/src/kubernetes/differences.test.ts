import { get, post, remove, send } from '../world/KubeApi';
import { readKnownDifferences } from '../world/readKnownDifferences';
import { readWorld } from '../world/WorldHandle';
import {
  configMap,
  testNamespace,
  untilGranted,
  virtualService,
} from './fixtures';

const namespace = testNamespace('differences');
const path = namespace.virtualServices;
const maps = `${namespace.core}/configmaps`;
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';

interface Difference {
  probe(): Promise<unknown>;
  real: unknown;
  sandbox: unknown;
}

const status = async (answer: ReturnType<typeof get>) => (await answer).status;

const policy = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: namespace.name },
  spec: {
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: [''],
          apiVersions: ['v1'],
          operations: ['CREATE'],
          resources: ['configmaps'],
        },
      ],
    },
    validations: [{ expression: 'true' }],
  },
};

/** In the order of the sandbox's README, which says of each what it means. */
const DIFFERENCES: Record<string, Difference> = {
  ValidatingAdmissionPolicy: {
    probe: async () => {
      const to = `${ADMISSION}/validatingadmissionpolicies`;
      const made = await status(post(to, policy));
      await remove(`${to}/${namespace.name}`);
      return made;
    },
    real: 201,
    sandbox: 404,
  },
  CustomResourceDefinition: {
    probe: () =>
      status(
        get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=1'),
      ),
    real: 200,
    sandbox: 404,
  },
  'OpenAPI v2': {
    probe: () => status(get('/openapi/v2')),
    real: 200,
    sandbox: 404,
  },
  protobuf: {
    probe: () =>
      status(
        get(maps, {
          headers: { Accept: 'application/vnd.kubernetes.protobuf' },
        }),
      ),
    real: 200,
    sandbox: 406,
  },
  'log of a pod': {
    probe: () => status(get(`${namespace.core}/pods/none/log`)),
    real: 404,
    sandbox: 501,
  },
  scale: {
    probe: () =>
      status(
        get(
          `/apis/apps/v1/namespaces/${namespace.name}/deployments/none/scale`,
        ),
      ),
    real: 404,
    sandbox: 501,
  },
  'POST to the name of a custom resource': {
    probe: async () => {
      const answer = await status(
        post(`${path}/posted`, virtualService('posted')),
      );
      await remove(`${path}/posted`);
      return answer;
    },
    real: 201,
    sandbox: 405,
  },
  'watch from a version that is no number': {
    probe: () => status(get(`${path}?watch=true&resourceVersion=x`)),
    real: 500,
    sandbox: 400,
  },
  'watch from before a compaction': {
    probe: async () => {
      const { abilities, control } = readWorld();
      const { body } = await get(path);
      await post(path, virtualService('since'));
      // Without a way to compact a real server answers as it would after one.
      if (abilities.includes('compact')) {
        await fetch(`${control}/compact`, { method: 'POST' });
      }
      const answer = await get(
        `${path}?watch=true&timeoutSeconds=1&resourceVersion=${body.metadata.resourceVersion}`,
      );
      await remove(`${path}/since`);
      return (JSON.parse(answer.text) as { type: string }).type;
    },
    real: 'ADDED',
    sandbox: 'ERROR',
  },
  'a key twice in a body': {
    probe: async () => {
      const body =
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"twice"},"data":{"a":"1","a":"2"}}';
      const answer = await send('POST', `${maps}?fieldValidation=Strict`, {
        body,
      });
      await remove(`${maps}/twice`);
      return answer.status;
    },
    real: 400,
    sandbox: 201,
  },
  'foreground deletion': {
    probe: async () => {
      await post(maps, configMap('foreground'));
      const answer = await remove(
        `${maps}/foreground?propagationPolicy=Foreground`,
      );
      return answer.body.kind;
    },
    real: 'ConfigMap',
    sandbox: 'Status',
  },
  'deletion of a namespace': {
    probe: async () => {
      const name = `${namespace.name}-short`;
      await post('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      });
      await remove(`/api/v1/namespaces/${name}`);
      const { body } = await get(`/api/v1/namespaces/${name}`);
      return body.kind === 'Namespace' ? 'Terminating' : body.reason;
    },
    real: 'Terminating',
    sandbox: 'NotFound',
  },
  'granting more than one holds': {
    probe: () => grantAs('conformance-granter'),
    real: 403,
    sandbox: 201,
  },
  'tokens of service accounts': {
    probe: async () => {
      await post(`${namespace.core}/serviceaccounts`, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'account' },
      });
      const { body } = await post(
        `${namespace.core}/serviceaccounts/account/token`,
        {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: {},
        },
      );
      const { token } = body.status as { token: string };
      return token.split('.').length;
    },
    real: 3,
    sandbox: 1,
  },
};

/** A user who may make roles and nothing else makes one that may read secrets. */
async function grantAs(user: string): Promise<number> {
  const rbac = 'rbac.authorization.k8s.io';
  const role = (name: string, rules: unknown[]) => ({
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { name },
    rules,
  });
  await post(
    `${namespace.rbac}/roles`,
    role('granter', [
      { apiGroups: [rbac], resources: ['roles'], verbs: ['create'] },
    ]),
  );
  await post(`${namespace.rbac}/rolebindings`, {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'granter' },
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'granter' },
    subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
  });
  await untilGranted({
    user,
    verb: 'create',
    group: rbac,
    resource: 'roles',
    namespace: namespace.name,
  });
  const answer = await post(
    `${namespace.rbac}/roles`,
    role('more', [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]),
    { headers: { 'Impersonate-User': user } },
  );
  return answer.status;
}

describe('known differences', () => {
  it('are those of the README', () => {
    expect(Object.keys(DIFFERENCES)).toEqual(
      readKnownDifferences('Kubernetes'),
    );
  });

  it.each(Object.entries(DIFFERENCES))('%s', async (_, difference) => {
    const { real, sandbox, probe } = difference;
    expect(sandbox).not.toEqual(real);
    const expected = readWorld().kind === 'sandbox' ? sandbox : real;
    expect(await probe()).toEqual(expected);
  });
});
