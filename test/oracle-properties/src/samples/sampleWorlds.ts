/** A sample application as its instructions apply it. */
export interface SampleWorld {
  name: string;
  /** Below `samples/` of Istio; an object of a later file replaces one of an earlier. */
  files: string[];
  /** What we say of it, and why that is right: `ISB0101 VirtualService default/a`. */
  explained?: Readonly<Record<string, string>>;
}

const BOOKINFO = [
  'bookinfo/platform/kube/bookinfo.yaml',
  'bookinfo/networking/bookinfo-gateway.yaml',
  'bookinfo/networking/destination-rule-all.yaml',
];

const LATER =
  'It has the versions of all tasks, of which this step starts and uses some.';

const BOOKINFO_EXPLAINED: SampleWorld['explained'] = {
  'ISB0126 VirtualService default/bookinfo':
    'What comes through the gateway does not follow the routes of productpage, which has one version only.',
  'ISB0202 DestinationRule default/details': LATER,
  'ISB0202 DestinationRule default/ratings': LATER,
  'ISB0205 DestinationRule default/details': LATER,
  'ISB0205 DestinationRule default/productpage': LATER,
  'ISB0205 DestinationRule default/ratings': LATER,
  'ISB0205 DestinationRule default/reviews': LATER,
  'ISB0304 Gateway default/bookinfo-gateway':
    'The gateway that istioctl assumes, and so do we, opens 80 and not 8080; istioctl says the same.',
};

const bookinfo = (name: string, ...more: string[]): SampleWorld => ({
  name: `bookinfo: ${name}`,
  files: [
    ...BOOKINFO,
    'bookinfo/networking/virtual-service-all-v1.yaml',
    ...more.map(file => `bookinfo/${file}.yaml`),
  ],
  explained: BOOKINFO_EXPLAINED,
});

const bookinfoGatewayApi = (route: string): SampleWorld => ({
  name: `bookinfo with Gateway API: ${route}`,
  files: [
    'bookinfo/platform/kube/bookinfo.yaml',
    'bookinfo/platform/kube/bookinfo-versions.yaml',
    'bookinfo/gateway-api/bookinfo-gateway.yaml',
    'bookinfo/gateway-api/route-all-v1.yaml',
    `bookinfo/gateway-api/${route}.yaml`,
  ],
});

const alone = (
  file: string,
  explained?: SampleWorld['explained'],
): SampleWorld => ({ name: file, files: [`${file}.yaml`], explained });

const EASTWEST =
  'The east-west gateway is installed by other means than the sample.';

/** Sample applications, and the steps of Istio's tasks with them. */
export const SAMPLE_WORLDS: readonly SampleWorld[] = [
  { name: 'bookinfo', files: BOOKINFO, explained: BOOKINFO_EXPLAINED },
  ...[
    'virtual-service-reviews-test-v2',
    'virtual-service-reviews-50-v3',
    'virtual-service-reviews-80-20',
    'virtual-service-reviews-90-10',
    'virtual-service-reviews-v3',
    'virtual-service-reviews-v2-v3',
    'virtual-service-reviews-jason-v2-v3',
    'virtual-service-ratings-test-abort',
    'virtual-service-ratings-test-delay',
    'destination-rule-reviews',
  ].map(step => bookinfo(step, `networking/${step}`)),
  {
    ...bookinfo(
      'fault-injection-details-v1',
      'networking/fault-injection-details-v1',
    ),
    explained: {
      ...BOOKINFO_EXPLAINED,
      'ISB0108 VirtualService default/details':
        'Its second route follows one without match: no request reaches it.',
      'ISB0121 VirtualService default/details':
        'It aborts every request of everybody, which is what the sample shows.',
    },
  },
  {
    ...bookinfo(
      'details v2 and Google',
      'platform/kube/bookinfo-details-v2',
      'networking/virtual-service-details-v2',
      'networking/egress-rule-google-apis',
    ),
    explained: {
      ...BOOKINFO_EXPLAINED,
      'ISB0206 DestinationRule default/originate-tls-for-googleapis':
        'It names no authorities; istioctl says the same (IST0129).',
      'ISB0210 DestinationRule default/originate-tls-for-googleapis':
        'Its load balancer does not count for port 443, whose block stands alone: the only port of the host.',
    },
  },
  bookinfo(
    'ratings from MongoDB',
    'platform/kube/bookinfo-ratings-v2',
    'platform/kube/bookinfo-db',
    'networking/virtual-service-ratings-db',
  ),
  bookinfo(
    'ratings from MySQL',
    'platform/kube/bookinfo-ratings-v2-mysql',
    'platform/kube/bookinfo-mysql',
    'networking/virtual-service-ratings-mysql',
  ),
  ...[
    'route-reviews-v1',
    'route-reviews-50-v3',
    'route-reviews-90-10',
    'route-reviews-v3',
  ].map(bookinfoGatewayApi),
  {
    name: 'helloworld',
    files: ['helloworld/helloworld.yaml', 'helloworld/helloworld-gateway.yaml'],
  },
  {
    name: 'helloworld with Gateway API',
    files: [
      'helloworld/helloworld.yaml',
      'helloworld/gateway-api/helloworld-gateway.yaml',
      'helloworld/gateway-api/helloworld-versions.yaml',
      'helloworld/gateway-api/helloworld-route.yaml',
    ],
  },
  {
    name: 'httpbin',
    files: [
      'httpbin/httpbin.yaml',
      'httpbin/httpbin-gateway.yaml',
      'httpbin/sample-client/fortio-deploy.yaml',
    ],
  },
  {
    name: 'httpbin with Gateway API',
    files: ['httpbin/httpbin.yaml', 'httpbin/gateway-api/httpbin-gateway.yaml'],
  },
  {
    name: 'tcp-echo',
    files: [
      'tcp-echo/tcp-echo-services.yaml',
      'tcp-echo/tcp-echo-all-v1.yaml',
      'tcp-echo/tcp-echo-20-v2.yaml',
    ],
  },
  {
    name: 'tcp-echo with Gateway API',
    files: [
      'tcp-echo/tcp-echo-services.yaml',
      'tcp-echo/gateway-api/tcp-echo-all-v1.yaml',
      'tcp-echo/gateway-api/tcp-echo-20-v2.yaml',
    ],
  },
  {
    name: 'websockets',
    files: ['websockets/app.yaml', 'websockets/route.yaml'],
  },
  alone('curl/curl'),
  alone('sleep/sleep'),
  alone('extauthz/ext-authz'),
  alone('extauthz/local-ext-authz'),
  alone('external/aptget'),
  alone('external/github'),
  alone('external/pypi'),
  alone('health-check/liveness-command'),
  alone('health-check/liveness-http-same-port'),
  alone('jwt-server/jwt-server'),
  alone('mtls-echo/mtls-echo'),
  alone('multicluster/expose-services', {
    'ISB0301 Gateway default/cross-network-gateway': EASTWEST,
  }),
  alone('multicluster/expose-istiod', {
    'ISB0301 Gateway default/istiod-gateway': EASTWEST,
    'ISB0102 VirtualService default/istiod-vs':
      'The Service istiod is part of the installation, which the sample does not hold.',
  }),
  alone('ratelimit/rate-limit-service'),
  alone('ratelimit/local-rate-limit-service', {
    'ISB1001 EnvoyFilter istio-system/filter-local-ratelimit-svc':
      'It inserts before another filter and has no priority; istioctl says the same (IST0151).',
    'ISB1007 EnvoyFilter istio-system/filter-local-ratelimit-svc':
      'The application that it is for, bookinfo, is not in the sample.',
  }),
  alone('open-telemetry/tracing/telemetry'),
  alone('open-telemetry/loki/telemetry'),
  alone('open-telemetry/otel', {
    'ISB0804 Service default/opentelemetry-collector':
      'The container declares other ports than 5317: nothing says that it listens there.',
  }),
  alone('grpc-echo/grpc-echo', {
    'ISB0804 Service echo-grpc/echo':
      'The containers declare 17070 only, the Service leads to 18080 and 19090 too.',
  }),
  {
    name: 'custom-bootstrap',
    files: [
      'custom-bootstrap/custom-bootstrap.yaml',
      'custom-bootstrap/example-app.yaml',
    ],
    explained: {
      'ISB0819 Deployment default/helloworld-v1':
        'The annotation for an own bootstrap is alpha, which is what the sample shows.',
    },
  },
];
