import { generateKeyPairSync } from 'node:crypto';
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readIstioConfig } from './config';

const KUBERNETES = {
  clusterLocatorMethods: [
    {
      type: 'config',
      clusters: [
        {
          name: 'prod-eu',
          url: 'https://eu.example.com/',
          authProvider: 'serviceAccount',
          serviceAccountToken: 'a-secret',
          caData: 'Y2E=',
        },
        { name: 'prod-us', url: 'https://us.example.com' },
      ],
    },
  ],
};

function read(istio: JsonObject, kubernetes: JsonObject = KUBERNETES) {
  return readIstioConfig(new ConfigReader({ istio, kubernetes }));
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return 'nothing was thrown';
}

describe('readIstioConfig', () => {
  it('joins both sections by name and fills in what Istio defaults to', () => {
    const config = read({
      clusters: [
        {
          name: 'prod-eu',
          prometheus: { url: 'http://prometheus:9090/', headers: { a: 'b' } },
        },
      ],
    });
    expect(config.clusters).toEqual([
      {
        name: 'prod-eu',
        title: undefined,
        rootNamespace: 'istio-system',
        domain: 'cluster.local',
        connection: expect.objectContaining({
          url: 'https://eu.example.com',
          token: 'a-secret',
          caData: 'Y2E=',
          skipTlsVerify: false,
        }),
        prometheus: {
          url: 'http://prometheus:9090',
          scrapeIntervalSeconds: 15,
          headers: { a: 'b' },
        },
        jaeger: undefined,
        readGatewayCertificates: false,
        readProxyStatus: true,
      },
      expect.objectContaining({
        name: 'prod-us',
        rootNamespace: 'istio-system',
      }),
    ]);
    expect(config.health.errors).toEqual({ degraded: 0.01, failing: 0.1 });
    expect(config.ownership).toEqual({ bindAll: false, namespaces: {} });
    expect(config.impersonation).toBeUndefined();
    expect(config.metrics).toEqual({ cacheSeconds: 10, timeoutSeconds: 10 });
    expect(config.certificates).toEqual({ soon: 30, urgent: 7 });
  });

  it('works without any section', () => {
    expect(readIstioConfig(new ConfigReader({})).clusters).toEqual([]);
  });

  it('reads thresholds as percent over the named preset', () => {
    const { health } = read({
      health: {
        preset: 'kiali',
        errors: { degradedPercent: 2, failingPercent: 20 },
        minimumRequests: 5,
      },
    });
    expect(health).toMatchObject({
      preset: 'kiali',
      errors: { degraded: 0.02, failing: 0.2 },
      minimumRequests: 5,
    });
    expect(health.clientErrors).toBeDefined();
  });

  it('takes one owner or several of a namespace', () => {
    const { ownership } = read({
      ownership: {
        bindAll: true,
        namespaces: {
          catalog: 'group:default/catalog-team',
          shared: ['group:default/a', 'group:default/b'],
        },
      },
    });
    expect(ownership).toEqual({
      bindAll: true,
      namespaces: {
        catalog: ['group:default/catalog-team'],
        shared: ['group:default/a', 'group:default/b'],
      },
    });
  });

  it.each<[string, JsonObject, string]>([
    [
      'an address of another scheme',
      { clusters: [{ name: 'prod-eu', prometheus: { url: 'file:///etc' } }] },
      'istio.clusters[0].prometheus.url: must start with http:// or https://',
    ],
    [
      'credentials in an address',
      {
        clusters: [
          { name: 'prod-eu', jaeger: { url: 'https://me:pw123@jaeger' } },
        ],
      },
      'istio.clusters[0].jaeger.url: must not contain a user or password; use headers instead',
    ],
    ...[
      'http://169.254.169.254',
      // The URL parser reads it as the same address.
      'http://2852039166/latest',
      'http://[::ffff:169.254.169.254]',
      'http://[fe80::1]:9090',
      'http://[fd00:ec2::254]',
      'http://metadata.google.internal/computeMetadata',
    ].map((url): [string, JsonObject, string] => [
      `the metadata service of a cloud as ${url}`,
      { clusters: [{ name: 'prod-eu', prometheus: { url } }] },
      'istio.clusters[0].prometheus.url: must not be a link-local address',
    ]),
    [
      'a cluster twice',
      { clusters: [{ name: 'prod-eu' }, { name: 'prod-eu' }] },
      "istio.clusters[1].name: the cluster 'prod-eu' is named twice in istio.clusters; names must be unique",
    ],
    [
      'a cluster without connection',
      { clusters: [{ name: 'lab' }] },
      "istio.clusters[0]: the cluster 'lab' has no connection",
    ],
    [
      'two connections of one cluster',
      { clusters: [{ name: 'prod-eu', kubeconfig: { file: '/x' } }] },
      "istio.clusters[0].kubeconfig: the cluster 'prod-eu' already has a connection in kubernetes.clusterLocatorMethods[0].clusters[0]",
    ],
    [
      'a misspelt key',
      { clusters: [{ name: 'prod-eu', promtheus: {} }] },
      "istio.clusters[0]: Unrecognized key(s) in object: 'promtheus'",
    ],
    [
      'limits in the wrong order',
      { health: { errors: { degradedPercent: 10, failingPercent: 1 } } },
      'istio.health.errors: degradedPercent must not be above failingPercent',
    ],
    [
      'an owner that is no entity reference',
      { ownership: { namespaces: { catalog: 'a b' } } },
      'istio.ownership.namespaces.catalog',
    ],
    [
      'days before an end in the wrong order',
      { certificates: { soonDays: 5 } },
      'istio.certificates.urgentDays: must not be more than soonDays',
    ],
    [
      'a cache that never ends',
      { metrics: { cacheSeconds: 0 } },
      'istio.metrics.cacheSeconds: Number must be greater than or equal to 1',
    ],
  ])('refuses %s and names the key', (_, istio, message) => {
    const text = messageOf(() => read(istio));
    expect(text).toContain(message);
    expect(text).not.toContain('pw123');
  });

  it('refuses a cluster that stands twice in kubernetes', () => {
    const clusters = [
      { name: 'a', url: 'https://a' },
      { name: 'a', url: 'https://b' },
    ];
    expect(() =>
      read({}, { clusterLocatorMethods: [{ type: 'config', clusters }] }),
    ).toThrow(
      "kubernetes.clusterLocatorMethods[0].clusters[1].name: the cluster 'a' is named twice",
    );
  });

  it('leaves out clusters of other locators and logins, and says so', () => {
    const config = read(
      {},
      {
        clusterLocatorMethods: [
          { type: 'catalog' },
          {
            type: 'config',
            clusters: [
              { name: 'eks', url: 'https://eks', authProvider: 'aws' },
              {
                name: 'gke',
                url: 'https://gke',
                authMetadata: { 'kubernetes.io/auth-provider': 'google' },
              },
            ],
          },
        ],
      },
    );
    expect(config.clusters).toEqual([]);
    expect(config.warnings).toHaveLength(3);
    expect(config.warnings[0]).toContain("locator 'catalog' are not used");
    expect(config.warnings[1]).toContain("authProvider 'aws'");
    expect(config.warnings[2]).toContain("authProvider 'google'");
  });

  it('is an error when the cluster that is left out is asked for', () => {
    const clusters = [{ name: 'eks', url: 'https://e', authProvider: 'aws' }];
    expect(() =>
      read(
        { clusters: [{ name: 'eks' }] },
        { clusterLocatorMethods: [{ type: 'config', clusters }] },
      ),
    ).toThrow("authProvider 'aws' is not supported here");
  });

  it('reads who signs the audit log and where its checkpoints go', () => {
    const seed = Buffer.alloc(32, 7);
    const { audit } = read({
      audit: {
        signingKey: seed.toString('base64'),
        anchors: [
          { name: 'worm', file: { path: '/mnt/worm/audit.ndjson' } },
          { name: 'siem', http: { url: 'https://siem.example.com/' } },
        ],
        forward: [{ name: 'collector', syslog: { host: 'logs.internal' } }],
      },
    });
    expect(audit).toEqual({
      origin: 'localhost/istio-audit',
      signingKey: Uint8Array.from(seed),
      acceptNewKey: false,
      anchors: [
        { name: 'worm', file: { path: '/mnt/worm/audit.ndjson' } },
        {
          name: 'siem',
          http: { url: 'https://siem.example.com', headers: {} },
        },
      ],
      forward: [
        {
          name: 'collector',
          syslog: { host: 'logs.internal', port: 6514, tls: true },
        },
      ],
    });
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(read({ audit: { signingKey: pem } }).audit.signingKey).toHaveLength(
      32,
    );
  });

  it.each<[JsonObject, string]>([
    [{ signingKey: 'a-secret' }, 'istio.audit.signingKey: must be an Ed25519'],
    [{ origin: 'a b' }, 'istio.audit.origin: must have neither white space'],
    [
      { anchors: [{ name: 'a' }] },
      'istio.audit.anchors[0]: needs exactly one of file, http and configMap',
    ],
    [
      {
        anchors: [
          {
            name: 'a',
            configMap: { cluster: 'x', namespace: '../secrets', name: 'a' },
          },
        ],
      },
      'istio.audit.anchors[0].configMap.namespace: must be a name',
    ],
    [
      {
        anchors: [
          { name: 'a', file: { path: '/x' } },
          { name: 'a', file: { path: '/y' } },
        ],
      },
      'istio.audit.anchors: names must be unique',
    ],
    [
      {
        forward: [
          { name: 'a', syslog: { host: 'x' }, http: { url: 'http://x' } },
        ],
      },
      'istio.audit.forward[0]: needs exactly one of http, otlp and syslog',
    ],
  ])('refuses the audit settings %j', (audit, message) => {
    const text = messageOf(() => read({ audit }));
    expect(text).toContain(message);
    expect(text).not.toContain('a-secret');
  });

  it('reads where changes go that Git is the source of', () => {
    const source = {
      name: 'shop',
      argocdApplications: 'shop',
      repository: 'https://github.com/acme/shop-config/',
    };
    expect(read({ git: { sources: [source] } }).git).toMatchObject({
      pollSeconds: 30,
      sources: [
        {
          argocdApplications: ['shop'],
          repository: 'https://github.com/acme/shop-config',
          branch: 'main',
          paths: ['**/*.yaml', '**/*.yml'],
        },
      ],
    });
    for (const [wrong, message] of [
      [
        { name: 'a', clusters: 'b', repository: source.repository },
        'istio.git.sources[0]: needs at least one of argocdApplications',
      ],
      [
        { ...source, repository: 'https://user:a-secret@github.com/a/b' },
        'istio.git.sources[0].repository: must not contain a user or password',
      ],
    ] as const) {
      const text = messageOf(() => read({ git: { sources: [wrong] } }));
      expect(text).toContain(message);
      expect(text).not.toContain('a-secret');
    }
  });
});
