import { judge } from './judge';

const NETWORKING = 'networking.istio.io';
const SECURITY = 'security.istio.io';

const host = (spec: Record<string, unknown>) => ({ hosts: ['a'], ...spec });
const http = (route: Record<string, unknown>) =>
  host({ http: [{ route: [{ destination: { host: 'a' } }], ...route }] });

const VIRTUAL_SERVICES = judge(
  { group: NETWORKING, kind: 'VirtualService', plural: 'virtualservices' },
  {
    'hosts is text': { hosts: 'x' },
    'a host is null': { hosts: [null] },
    'spec is null': null,
    'spec is a list': [],
    empty: {},
    'weight is a fraction': http({
      route: [{ destination: { host: 'a' }, weight: 1.5 }],
    }),
    'weight is too big': http({
      route: [{ destination: { host: 'a' }, weight: 3e9 }],
    }),
    'weight is text': http({
      route: [{ destination: { host: 'a' }, weight: 'x' }],
    }),
    'two ways to match a URI': http({
      match: [{ uri: { exact: 'a', prefix: 'b' } }],
    }),
    'no destination': http({ route: [{ weight: 1 }] }),
    'timeout too short': http({ timeout: '0.1ms' }),
    'timeout is no duration': http({ timeout: 'q' }),
    'redirect of everything': http({
      redirect: { redirectCode: 1, derivePort: 'X' },
    }),
    'retries and faults': http({
      retries: { attempts: 3, perTryTimeout: '2s' },
      fault: { abort: { httpStatus: 503, percentage: { value: 1.5 } } },
    }),
  },
);

const DESTINATION_RULES = judge(
  { group: NETWORKING, kind: 'DestinationRule', plural: 'destinationrules' },
  {
    subsets: {
      host: 'a',
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    },
    'no host': {},
    'unknown load balancer': {
      host: 'a',
      trafficPolicy: { loadBalancer: { simple: 'X' } },
    },
    'two load balancers': {
      host: 'a',
      trafficPolicy: {
        loadBalancer: {
          simple: 'RANDOM',
          consistentHash: { useSourceIp: true },
        },
      },
    },
    cookie: {
      host: 'a',
      trafficPolicy: {
        loadBalancer: {
          consistentHash: { httpCookie: { name: 'x', ttl: '0s' } },
        },
      },
    },
    'outlier interval of zero': {
      host: 'a',
      trafficPolicy: {
        outlierDetection: { interval: '0s', baseEjectionTime: '1m' },
      },
    },
    tls: {
      host: 'a',
      trafficPolicy: { tls: { mode: 'SIMPLE', credentialName: 'x' } },
    },
    'subset without a name': { host: 'a', subsets: [{ labels: { a: 'b' } }] },
  },
);

const selector = { matchLabels: { a: 'b' } };

const SECURITY_KINDS = [
  ...judge(
    {
      group: SECURITY,
      kind: 'PeerAuthentication',
      plural: 'peerauthentications',
    },
    {
      strict: { mtls: { mode: 'STRICT' } },
      'unknown mode': { mtls: { mode: 'X' } },
      'ports without a selector': { portLevelMtls: { 80: { mode: 'STRICT' } } },
      'port out of range': {
        selector,
        portLevelMtls: { 70000: { mode: 'STRICT' } },
      },
      'port is no number': {
        selector,
        portLevelMtls: { abc: { mode: 'STRICT' } },
      },
      'wildcard selector': { selector: { matchLabels: { a: 'b*' } } },
      'empty key': { selector: { matchLabels: { '': 'b' } } },
      empty: {},
    },
  ),
  ...judge(
    {
      group: SECURITY,
      kind: 'AuthorizationPolicy',
      plural: 'authorizationpolicies',
    },
    {
      deny: {
        action: 'DENY',
        rules: [
          {
            from: [{ source: { principals: ['a'] } }],
            to: [{ operation: { paths: ['/x'] } }],
          },
        ],
      },
      'service accounts and principals': {
        rules: [
          { from: [{ source: { serviceAccounts: ['a'], principals: ['b'] } }] },
        ],
      },
      'selector and targets': {
        selector,
        targetRefs: [{ kind: 'Service', name: 'x' }],
      },
      custom: { action: 'CUSTOM', provider: { name: 'x' }, rules: [{}] },
      'condition without a key': { rules: [{ when: [{ values: ['a'] }] }] },
    },
  ),
  ...judge(
    {
      group: SECURITY,
      kind: 'RequestAuthentication',
      plural: 'requestauthentications',
    },
    {
      jwks: { jwtRules: [{ issuer: 'a', jwksUri: 'https://x/y' }] },
      'jwks by ftp': { jwtRules: [{ issuer: 'a', jwksUri: 'ftp://x/y' }] },
      'jwks by no URL': { jwtRules: [{ issuer: 'a', jwksUri: 'nope' }] },
      'two jwks': {
        jwtRules: [{ issuer: 'a', jwksUri: 'https://x', jwks: 'x' }],
      },
      'empty issuer': { jwtRules: [{ issuer: '' }] },
    },
  ),
];

const ports = (...names: string[]) =>
  names.map(name => ({ number: 443, name }));

const OTHER_ISTIO = [
  ...judge(
    { group: NETWORKING, kind: 'ServiceEntry', plural: 'serviceentries' },
    {
      external: host({
        ports: [{ number: 443, name: 'https', protocol: 'TLS' }],
        resolution: 'DNS',
      }),
      'port twice': host({ ports: ports('a', 'b') }),
      'port name twice': host({
        ports: [
          { number: 443, name: 'a' },
          { number: 444, name: 'a' },
        ],
      }),
      'no hosts': {},
      'range with DNS': host({ addresses: ['10.0.0.0/8'], resolution: 'DNS' }),
      'endpoints without resolution': host({
        resolution: 'NONE',
        endpoints: [{ address: '1.1.1.1' }],
      }),
      'socket that is a directory': host({
        resolution: 'STATIC',
        endpoints: [{ address: 'unix:///a/', ports: { a: 1 } }],
      }),
      'socket without a path': host({
        resolution: 'STATIC',
        endpoints: [{ address: 'unix://' }],
      }),
      'port out of range': host({ ports: [{ number: 70000, name: 'a' }] }),
    },
  ),
  ...judge(
    { group: NETWORKING, kind: 'Sidecar', plural: 'sidecars' },
    {
      egress: { egress: [{ hosts: ['./*'] }] },
      'unknown capture mode': {
        egress: [{ captureMode: 'Q', hosts: ['./*'] }],
      },
      'egress without hosts': { egress: [{}] },
    },
  ),
  ...judge(
    { group: NETWORKING, kind: 'Gateway', plural: 'gateways' },
    {
      http: {
        servers: [
          { port: { number: 80, name: 'h', protocol: 'HTTP' }, hosts: ['*'] },
        ],
      },
      'two credentials': {
        servers: [
          {
            port: { number: 80, name: 'h', protocol: 'HTTP' },
            hosts: ['*'],
            tls: {
              mode: 'SIMPLE',
              credentialName: 'a',
              credentialNames: ['b'],
            },
          },
        ],
      },
    },
  ),
  ...judge(
    { group: 'telemetry.istio.io', kind: 'Telemetry', plural: 'telemetries' },
    {
      upsert: {
        metrics: [
          {
            overrides: [
              { tagOverrides: { a: { operation: 'UPSERT', value: 'x' } } },
            ],
          },
        ],
      },
      'upsert of nothing': {
        metrics: [
          {
            overrides: [
              { tagOverrides: { a: { operation: 'UPSERT', value: '' } } },
            ],
          },
        ],
      },
      'remove with a value': {
        metrics: [
          {
            overrides: [
              { tagOverrides: { a: { operation: 'REMOVE', value: 'x' } } },
            ],
          },
        ],
      },
    },
  ),
  ...judge(
    {
      group: 'extensions.istio.io',
      version: 'v1alpha1',
      kind: 'WasmPlugin',
      plural: 'wasmplugins',
    },
    {
      oci: { url: 'oci://a/b' },
      'unknown scheme': { url: 'xyz://a/b' },
      'no scheme': { url: 'a.b/c:1' },
      'value of the host': {
        url: 'a',
        vmConfig: { env: [{ name: 'a', valueFrom: 'HOST', value: 'x' }] },
      },
      'short checksum': { url: 'a', sha256: 'x' },
      'no url': {},
    },
  ),
  ...judge(
    {
      group: NETWORKING,
      version: 'v1alpha3',
      kind: 'EnvoyFilter',
      plural: 'envoyfilters',
    },
    {
      filter: {
        configPatches: [
          {
            applyTo: 'HTTP_FILTER',
            match: { context: 'SIDECAR_INBOUND' },
            patch: {
              operation: 'INSERT_BEFORE',
              value: { name: 'x', typed_config: { a: [1] } },
            },
          },
        ],
      },
      'waypoint without its match': {
        configPatches: [
          { applyTo: 'HTTP_FILTER', match: { context: 'WAYPOINT' } },
        ],
      },
    },
  ),
  ...judge(
    { group: NETWORKING, kind: 'WorkloadEntry', plural: 'workloadentries' },
    {
      empty: {},
      address: { address: '1.2.3.4', ports: { a: 80 } },
      'bad ports': { address: '1.2.3.4', ports: { 'a b': 80, c: 0 } },
    },
  ),
];

/** What the schemas and CEL rules of Istio's kinds say. */
export const ISTIO_SCHEMAS = [
  ...VIRTUAL_SERVICES,
  ...DESTINATION_RULES,
  ...SECURITY_KINDS,
  ...OTHER_ISTIO,
];
