import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  buildGuard,
  buildSnapshot,
  evaluatePolicies,
  type KubeObject,
  policyFileSchema,
} from '@istio-backstage/plugin-istio-common';
import { load } from 'js-yaml';
import { type Answer, patch, MERGE, post, remove } from '../world/KubeApi';
import { readWorld } from '../world/WorldHandle';
import { repositoryRoot } from '../world/repositoryRoot';

const RUN = randomBytes(3).toString('hex');
const TEAM = `guard-${RUN}-catalog`;
const SAME_TEAM = `guard-${RUN}-ratings`;
const OTHERS = `guard-${RUN}-payments`;
const NOBODYS = `guard-${RUN}-nobody`;
const NAMESPACES = [TEAM, SAME_TEAM, OTHERS, NOBODYS];
const MARK = { 'conformance/guard': 'on' };

const FILE = policyFileSchema.parse({
  ownership: {
    namespaces: {
      // As many as a large company has: tables must stay within what the server reads.
      ...Object.fromEntries(
        Array.from({ length: 3_000 }, (_, index) => [
          `guard-of-somebody-else-${index}`,
          `group:default/team-${index % 500}`,
        ]),
      ),
      [TEAM]: 'group:default/catalog-team',
      [SAME_TEAM]: ['catalog-team'],
      [OTHERS]: 'group:default/payments-team',
    },
  },
  guardrails: {
    teams: {
      'catalog-team': {
        externalHosts: ['api.pay.example', '*.maps.example'],
        externalAddresses: ['203.0.113.0/24', '198.51.100.7'],
        gatewayHosts: ['shop.example', '*.shop.example'],
      },
    },
  },
});

const GROUPS: Record<string, string> = {
  ValidatingAdmissionPolicy:
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding:
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings',
};

const PLURALS: Record<string, [group: string, plural: string]> = {
  VirtualService: ['networking.istio.io', 'virtualservices'],
  DestinationRule: ['networking.istio.io', 'destinationrules'],
  ServiceEntry: ['networking.istio.io', 'serviceentries'],
  Gateway: ['networking.istio.io', 'gateways'],
  HTTPRoute: ['gateway.networking.k8s.io', 'httproutes'],
};

/** As the guard makes them, but for this test's namespaces only: other tests share the cluster. */
const guard = buildGuard({
  file: FILE,
  exemptGroups: ['deployers'],
}).map(made =>
  made.kind === 'ValidatingAdmissionPolicyBinding'
    ? {
        ...made,
        spec: {
          ...made.spec,
          matchResources: { namespaceSelector: { matchLabels: MARK } },
        },
      }
    : made,
);

function object(
  kind: string,
  spec: Record<string, unknown>,
  namespace = TEAM,
  version = 'v1',
): KubeObject {
  return {
    apiVersion: `${PLURALS[kind][0]}/${version}`,
    kind,
    metadata: { namespace, name: 'subject' },
    spec,
  };
}

/** A raw request, as kubectl sends it after reading a file; nothing is stored. */
function create(
  subject: KubeObject,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const [, plural] = PLURALS[subject.kind];
  return post(
    `/apis/${subject.apiVersion}/namespaces/${subject.metadata.namespace}/${plural}?dryRun=All`,
    subject,
    { headers },
  );
}

const isGuarded = ({ status, body }: Answer) =>
  status === 403 && body.message.includes('istio-portal guard:');

const OWN_ROUTE = {
  hosts: ['reviews'],
  http: [{ route: [{ destination: { host: 'reviews' } }] }],
};

const hijack = (namespace: string, version?: string) =>
  object(
    'VirtualService',
    {
      hosts: [`payments.${OTHERS}.svc.cluster.local`],
      http: [{ route: [{ destination: { host: 'drain' } }] }],
    },
    namespace,
    version,
  );

async function untilGuarded(): Promise<void> {
  const probes = [
    hijack(TEAM),
    object('DestinationRule', { host: `x.${OTHERS}` }),
    object('ServiceEntry', {
      hosts: ['x.example'],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'DNS',
    }),
    object('Gateway', {
      servers: [
        {
          port: { number: 80, name: 'http', protocol: 'HTTP' },
          hosts: ['x.example'],
        },
      ],
    }),
    object('HTTPRoute', {
      hostnames: ['x.example'],
      parentRefs: [{ name: 'shop', namespace: OTHERS }],
    }),
  ];
  for (const probe of probes) {
    const until = Date.now() + 60_000;
    let answer = await create(probe);
    while (!isGuarded(answer)) {
      if (Date.now() > until) {
        throw new Error(`${probe.kind} is not guarded: ${answer.text}`);
      }
      await sleep(100);
      answer = await create(probe);
    }
  }
}

/** The sandbox claims no admission policies: there the same address is refused. */
function describeGuard(body: () => void): void {
  describe('the admission policy of istio-portal guard', () => {
    if (readWorld().kind === 'lab') {
      body();
      return;
    }
    it('is refused by the sandbox', async () => {
      expect((await post(GROUPS[guard[0].kind], guard[0])).status).toBe(404);
    });
  });
}

describeGuard(() => {
  beforeAll(async () => {
    for (const name of NAMESPACES) {
      const made = await post('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: MARK },
      });
      if (made.status !== 201) throw new Error(made.text);
    }
    for (const each of guard) {
      const made = await post(GROUPS[each.kind], each);
      if (made.status !== 201) throw new Error(made.text);
    }
    await untilGuarded();
    // The server compiles each expression when it is posted and again when it is to hold.
  }, 400_000);

  afterAll(async () => {
    for (const { kind, metadata } of guard) {
      await remove(`${GROUPS[kind]}/${metadata.name}`);
    }
    for (const name of NAMESPACES) {
      await remove(`/api/v1/namespaces/${name}`);
    }
  });

  it('refuses the hijack of ISTIO-SECURITY-2026-002, by whatever version of the kind', async () => {
    for (const version of ['v1', 'v1beta1', 'v1alpha3']) {
      for (const namespace of [TEAM, SAME_TEAM, NOBODYS]) {
        const answer = await create(hijack(namespace, version));
        expect([version, namespace, isGuarded(answer)]).toEqual([
          version,
          namespace,
          true,
        ]);
      }
    }
    expect((await create(hijack(OTHERS))).status).toBe(201);
  });

  it('refuses it as JSON, YAML and server-side apply alike', async () => {
    const subject = hijack(TEAM);
    const path = `/apis/networking.istio.io/v1/namespaces/${TEAM}/virtualservices`;
    const yaml = JSON.stringify(subject, null, 1);
    const answers = [
      await post(`${path}?dryRun=All`, yaml, { type: 'application/yaml' }),
      await patch(
        `${path}/subject?dryRun=All&fieldManager=kubectl&force=true`,
        yaml,
        'application/apply-patch+yaml',
      ),
    ];
    expect(answers.map(isGuarded)).toEqual([true, true]);
  });

  it('takes no List, and no second document', async () => {
    const path = `/apis/networking.istio.io/v1/namespaces/${TEAM}/virtualservices`;
    const list = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualServiceList',
      items: [hijack(TEAM)],
    };
    const lists = [
      await post(path, list),
      await post(path, { ...list, kind: 'List', apiVersion: 'v1' }),
    ];
    expect(lists.filter(({ status }) => status < 400)).toEqual([]);
    const harmless = object('VirtualService', OWN_ROUTE);
    const send = (...documents: KubeObject[]) =>
      post(
        `${path}?dryRun=All`,
        documents.map(each => JSON.stringify(each)).join('\n---\n'),
        { type: 'application/yaml' },
      );
    expect(isGuarded(await send(hijack(TEAM), harmless))).toBe(true);
    // kubectl sends them one by one; of a raw request the server reads the first alone.
    const first = await send(harmless, hijack(TEAM));
    expect([first.status, first.body.spec?.hosts]).toEqual([201, ['reviews']]);
  });

  it('refuses an edit towards it, and lets labels of what stands be', async () => {
    const path = `/apis/networking.istio.io/v1/namespaces/${TEAM}/virtualservices`;
    const made = await post(path, object('VirtualService', OWN_ROUTE));
    expect(made.status).toBe(201);
    const edited = await patch(
      `${path}/subject`,
      { spec: hijack(TEAM).spec },
      MERGE,
    );
    expect(isGuarded(edited)).toBe(true);
    const labelled = await patch(
      `${path}/subject`,
      { metadata: { labels: { a: 'b' } } },
      MERGE,
    );
    expect(labelled.status).toBe(200);
    expect((await remove(`${path}/subject`)).status).toBe(200);
  });

  it('lets exempt groups deploy everywhere', async () => {
    const answer = await create(hijack(TEAM), {
      'Impersonate-User': 'pipeline',
      'Impersonate-Group': 'deployers',
    });
    // RBAC may still say no; the guard does not.
    expect(answer.body.message ?? '').not.toContain('istio-portal guard');
  });

  const spellings = (
    load(
      readFileSync(
        join(
          repositoryRoot,
          'plugins/istio-common/src/policy/hostSpellings.cases.yaml',
        ),
        'utf8',
      ),
    ) as { host: string }[]
  ).map(({ host }) =>
    host
      .replace(/catalog/g, TEAM)
      .replace(/Catalog/g, TEAM.toUpperCase())
      .replace(/\.payments/gi, `.${OTHERS}`),
  );
  const port = { number: 80, name: 'http', protocol: 'HTTP' };
  const route = [{ route: [{ destination: { host: 'reviews' } }] }];
  const places: [string, (host: string) => KubeObject][] = [
    [
      'VirtualService',
      host => object('VirtualService', { hosts: [host], http: route }),
    ],
    [
      'VirtualService on mesh, private',
      host =>
        object('VirtualService', {
          hosts: [host],
          gateways: ['mesh'],
          exportTo: ['.'],
          http: route,
        }),
    ],
    [
      'VirtualService on a gateway',
      host =>
        object('VirtualService', {
          hosts: [host],
          gateways: [`${TEAM}/gw`],
          http: route,
        }),
    ],
    [
      'VirtualService on both',
      host =>
        object('VirtualService', {
          hosts: [host],
          gateways: [`${TEAM}/gw`, 'mesh'],
          http: route,
        }),
    ],
    [
      'VirtualService of the same team',
      host =>
        object('VirtualService', { hosts: [host], http: route }, SAME_TEAM),
    ],
    ['DestinationRule', host => object('DestinationRule', { host })],
    [
      'DestinationRule, private',
      host => object('DestinationRule', { host, exportTo: [TEAM] }),
    ],
    [
      'ServiceEntry',
      host =>
        object('ServiceEntry', {
          hosts: [host],
          ports: [port],
          resolution: 'DNS',
        }),
    ],
    [
      'ServiceEntry, private',
      host =>
        object('ServiceEntry', {
          hosts: [host],
          exportTo: ['.'],
          ports: [port],
          resolution: 'DNS',
        }),
    ],
    [
      'Gateway',
      host => object('Gateway', { servers: [{ port, hosts: [host] }] }),
    ],
    [
      'Gateway, for a namespace',
      host => object('Gateway', { servers: [{ port, hosts: [`*/${host}`] }] }),
    ],
    [
      'HTTPRoute on a Gateway',
      host =>
        object('HTTPRoute', {
          hostnames: [host],
          parentRefs: [{ name: 'gw' }],
        }),
    ],
  ];

  const snapshot = buildSnapshot({
    cluster: 'lab',
    asOf: 0,
    rootNamespace: 'istio-system',
    objects: {
      Namespace: NAMESPACES.map(name => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      })),
    },
  });
  const OWNERSHIP = ['host-ownership', 'external-services', 'gateway-hosts'];

  /** What the portal's guardrails say for the team as a whole. */
  function isDenied(subject: KubeObject): boolean {
    return evaluatePolicies({
      plan: {
        hash: '',
        operations: [
          {
            index: 0,
            action: 'create',
            object: {
              cluster: 'lab',
              apiVersion: subject.apiVersion,
              kind: subject.kind,
              namespace: subject.metadata.namespace,
              name: subject.metadata.name,
            },
            after: subject as Record<string, unknown>,
            diff: [],
            fieldManagers: [],
          },
        ],
      },
      match: {
        claim: {
          entityRef: '',
          ownerRef: 'group:default/catalog-team',
          clusters: [],
          selector: {},
          selectorFrom: '',
          services: [],
        },
        workloads: [],
        services: [],
        nearMisses: [],
      },
      teamNamespaces: [TEAM, SAME_TEAM],
      snapshots: [snapshot],
      assessment: { versions: [], callers: [], observedSeconds: 0 },
      settings: FILE.guardrails,
    }).some(
      ({ policy, verdict }) => OWNERSHIP.includes(policy) && verdict === 'deny',
    );
  }

  it.each(places)(
    'agrees with the portal on every spelling: %s',
    async (_, make) => {
      const differences: unknown[] = [];
      let judged = 0;
      for (const host of spellings) {
        const subject = make(host);
        const answer = await create(subject);
        // What the schema or istiod's webhook refuses never comes to the question.
        if (answer.status === 201 || isGuarded(answer)) {
          judged += 1;
          const guarded = isGuarded(answer);
          if (guarded !== isDenied(subject)) {
            differences.push({ host, guarded });
          }
        }
      }
      expect(differences).toEqual([]);
      expect(judged).toBeGreaterThan(30);
    },
    120_000,
  );
});
