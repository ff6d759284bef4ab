import { NOW } from '../testUtils';
import { failedObservation, parseObservation } from './parseObservation';

const WINDOW = { to: NOW, seconds: 300 };

const LABELS = {
  reporter: 'destination',
  source_workload: 'checkout',
  source_workload_namespace: 'storefront',
  source_canonical_service: 'checkout',
  source_canonical_revision: 'latest',
  source_version: 'unknown',
  source_principal: 'spiffe://cluster.local/ns/storefront/sa/checkout',
  source_cluster: 'eu',
  destination_workload: 'payments-v2',
  destination_workload_namespace: 'payments',
  destination_canonical_service: 'payments',
  destination_canonical_revision: 'v2',
  destination_version: 'v2-label',
  destination_service: 'payments.payments.svc.cluster.local',
  destination_service_name: 'payments',
  destination_service_namespace: 'payments',
  request_protocol: 'http',
  response_code: '503',
  response_flags: 'UC',
  connection_security_policy: 'mutual_tls',
};

function parse(results: Parameters<typeof parseObservation>[0]['results']) {
  return parseObservation({ cluster: 'prod-eu', window: WINDOW, results });
}

describe('parseObservation', () => {
  it('reads a request series', () => {
    expect(
      parse({
        requests: [{ metric: LABELS, value: [1, '41.2'] }],
        newest: [{ metric: {}, value: [1, '1784039498.5'] }],
      }),
    ).toEqual({
      cluster: 'prod-eu',
      window: WINDOW,
      newestSampleAt: 1784039498500,
      tcp: [],
      latency: [],
      requests: [
        {
          cluster: 'prod-eu',
          reporter: 'destination',
          protocol: 'http',
          source: {
            workload: 'checkout',
            namespace: 'storefront',
            canonicalService: 'checkout',
            principal: 'spiffe://cluster.local/ns/storefront/sa/checkout',
            cluster: 'eu',
          },
          destination: {
            workload: 'payments-v2',
            namespace: 'payments',
            canonicalService: 'payments',
            version: 'v2',
          },
          destinationService: 'payments.payments.svc.cluster.local',
          destinationServiceName: 'payments',
          destinationServiceNamespace: 'payments',
          responseCode: '503',
          responseFlags: 'UC',
          security: 'mutual_tls',
          requests: 41.2,
        },
      ],
    });
  });

  it.each([
    [
      'unknown workload',
      { destination_workload: 'unknown' },
      {
        destination: expect.not.objectContaining({
          workload: expect.anything(),
        }),
      },
    ],
    [
      'version label where the revision says nothing',
      { destination_canonical_revision: 'latest' },
      { destination: { version: 'v2-label' } },
    ],
    [
      'no version at all',
      {
        destination_canonical_revision: 'latest',
        destination_version: 'latest',
      },
      {
        destination: expect.not.objectContaining({
          version: expect.anything(),
        }),
      },
    ],
    [
      'gRPC',
      { request_protocol: 'grpc', grpc_response_status: '14' },
      { protocol: 'grpc', grpcStatus: '14' },
    ],
    [
      'a gRPC status beside plain HTTP is noise',
      { grpc_response_status: '0' },
      expect.not.objectContaining({ grpcStatus: expect.anything() }),
    ],
    ['plaintext', { connection_security_policy: 'none' }, { security: 'none' }],
    [
      'odd policy',
      { connection_security_policy: 'x' },
      { security: 'unknown' },
    ],
    ['waypoint', { reporter: 'waypoint' }, { reporter: 'waypoint' }],
  ])('%s', (_, labels, expected) => {
    const [sample] = parse({
      requests: [
        {
          metric: { ...LABELS, ...labels } as Record<string, string>,
          value: [1, '1'],
        },
      ],
    }).requests;
    expect(sample).toMatchObject(expected);
  });

  it.each(['NaN', '+Inf', 'x', '0', '-1'])(
    'leaves out a value of %s',
    value => {
      expect(
        parse({ requests: [{ metric: LABELS, value: [1, value] }] }).requests,
      ).toEqual([]);
    },
  );

  it('leaves out a reporter nobody knows', () => {
    expect(
      parse({
        requests: [{ metric: { ...LABELS, reporter: 'x' }, value: [1, '1'] }],
      }).requests,
    ).toEqual([]);
  });

  it('puts the TCP counters of one series together', () => {
    const {
      response_code: _code,
      request_protocol: _protocol,
      ...metric
    } = LABELS;
    expect(
      parse({
        tcpOpened: [{ metric, value: [1, '10'] }],
        tcpSent: [
          { metric, value: [1, '2000'] },
          { metric: { ...metric, source_workload: 'other' }, value: [1, '5'] },
        ],
        tcpReceived: [{ metric, value: [1, '3000'] }],
        tcpFailed: [{ metric, value: [1, '2'] }],
      }).tcp,
    ).toMatchObject([
      {
        source: { workload: 'checkout' },
        connectionsOpened: 10,
        connectionsFailed: 2,
        sentBytes: 2000,
        receivedBytes: 3000,
      },
      { source: { workload: 'other' }, connectionsOpened: 0, sentBytes: 5 },
    ]);
  });

  it('reads latency per workload, and no traffic as no value', () => {
    const metric = {
      destination_workload: 'payments-v1',
      destination_workload_namespace: 'payments',
    };
    expect(
      parse({
        p50: [{ metric, value: [1, '38'] }],
        p95: [{ metric, value: [1, 'NaN'] }],
        p99: [
          { metric, value: [1, '2040'] },
          {
            metric: { ...metric, destination_workload: 'unknown' },
            value: [1, '1'],
          },
        ],
      }).latency,
    ).toEqual([
      {
        cluster: 'prod-eu',
        workload: 'payments-v1',
        namespace: 'payments',
        p50: 38,
        p99: 2040,
      },
    ]);
  });

  it('carries a failure as a value', () => {
    expect(
      failedObservation({ cluster: 'x', window: WINDOW, error: 'no answer' }),
    ).toEqual({
      cluster: 'x',
      window: WINDOW,
      error: 'no answer',
      requests: [],
      tcp: [],
      latency: [],
    });
  });
});
