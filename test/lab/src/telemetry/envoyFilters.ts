import type { KubeObject } from '../kubernetes/types';

/**
 * The standard Istio series from a standard Envoy. Istio's own build has a filter for them; here Envoy's
 * statistics access logger counts, the caller's identity travels in a header as Istio's metadata
 * exchange does, and Prometheus turns the tags into Istio's labels (see prometheusConfig.ts).
 */
const PEER_HEADER = 'x-lab-peer';
const HTTP_MANAGER = 'envoy.filters.network.http_connection_manager';
const TCP_PROXY = 'envoy.filters.network.tcp_proxy';
const PEER = '%ENVIRONMENT(LAB_PEER)%';
const CALLER_ADDRESS = '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%';

const TYPE = 'type.googleapis.com/envoy.extensions';
const MANAGER_TYPE = `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`;
const TCP_TYPE = `${TYPE}.filters.network.tcp_proxy.v3.TcpProxy`;

type Reporter = 'source' | 'destination';
type Tags = Record<string, string>;

/** Tags of either protocol; `src` and `dst` are peers, or the address of a caller that did not say. */
function commonTags(reporter: Reporter, caller: string): Tags {
  const source = reporter === 'source';
  return {
    reporter,
    src: source ? PEER : caller,
    dst: source ? '%UPSTREAM_METADATA(istio:workload)%' : PEER,
    svc: '%CLUSTER_METADATA(istio:services)%',
    cluster: '%UPSTREAM_CLUSTER%',
    source_principal: source
      ? '%UPSTREAM_LOCAL_URI_SAN%'
      : '%DOWNSTREAM_PEER_URI_SAN%',
    destination_principal: source
      ? '%UPSTREAM_PEER_URI_SAN%'
      : '%DOWNSTREAM_LOCAL_URI_SAN%',
    response_flags: '%RESPONSE_FLAGS%',
  };
}

const tagList = (tags: Tags) =>
  Object.entries(tags).map(([name, value]) => ({ name, value_format: value }));

interface Series {
  counters?: Record<string, string | number>;
  histograms?: Record<string, { unit: string; value: string }>;
}

/** One access logger that counts. Tags are part of every series it makes. */
function statsLogger(tags: Tags, series: Series, filter?: object) {
  const stat = (name: string) => ({ name, tags: tagList(tags) });
  return {
    name: 'lab.stats',
    ...(filter && { filter }),
    typed_config: {
      '@type': `${TYPE}.access_loggers.stats.v3.Config`,
      stat_prefix: 'istio',
      counters: Object.entries(series.counters ?? {}).map(([name, value]) => ({
        stat: stat(name),
        ...(typeof value === 'number'
          ? { value_fixed: value }
          : { value_format: value }),
      })),
      histograms: Object.entries(series.histograms ?? {}).map(
        ([name, { unit, value }]) => ({
          stat: stat(name),
          unit,
          value_format: value,
        }),
      ),
    },
  };
}

const REQUEST_SERIES: Series = {
  counters: { requests_total: 1 },
  histograms: {
    request_duration_milliseconds: {
      unit: 'Milliseconds',
      value: '%DURATION%',
    },
    request_bytes: { unit: 'Bytes', value: '%BYTES_RECEIVED%' },
    response_bytes: { unit: 'Bytes', value: '%BYTES_SENT%' },
  },
};

const contentTypeIsGrpc = (yes: boolean) => ({
  header_filter: {
    header: {
      name: 'content-type',
      string_match: { prefix: 'application/grpc' },
      invert_match: !yes,
      // A request without a content type is not gRPC either.
      treat_missing_header_as_empty: true,
    },
  },
});

/** HTTP: one logger for gRPC, whose series carry its status, and one for the rest. */
function httpLoggers(reporter: Reporter) {
  const tags = {
    ...commonTags(reporter, '%DYNAMIC_METADATA(lab:peer)%'),
    response_code: '%RESPONSE_CODE%',
  };
  return [
    statsLogger(
      { ...tags, request_protocol: 'http' },
      REQUEST_SERIES,
      contentTypeIsGrpc(false),
    ),
    statsLogger(
      {
        ...tags,
        request_protocol: 'grpc',
        grpc_response_status: '%GRPC_STATUS_NUMBER%',
      },
      REQUEST_SERIES,
      contentTypeIsGrpc(true),
    ),
  ];
}

const logType = (type: string) => ({ log_type_filter: { types: [type] } });

/** TCP: opened connections are counted when they are, the rest at their end. */
function tcpLoggers(reporter: Reporter) {
  const tags = {
    ...commonTags(reporter, CALLER_ADDRESS),
    request_protocol: 'tcp',
  };
  return [
    statsLogger(
      { ...tags, response_flags: '-' },
      { counters: { tcp_connections_opened_total: 1 } },
      logType('TcpUpstreamConnected'),
    ),
    statsLogger(
      tags,
      {
        counters: {
          tcp_connections_closed_total: 1,
          tcp_sent_bytes_total: '%BYTES_SENT%',
          tcp_received_bytes_total: '%BYTES_RECEIVED%',
        },
      },
      logType('TcpConnectionEnd'),
    ),
  ];
}

type Context = 'SIDECAR_OUTBOUND' | 'SIDECAR_INBOUND' | 'GATEWAY';

const filterMatch = (context: Context, name: string, subFilter?: string) => ({
  context,
  listener: {
    filterChain: {
      filter: { name, ...(subFilter && { subFilter: { name: subFilter } }) },
    },
  },
});

const mergeInto = (options: {
  context: Context;
  filter: string;
  config: object;
}) => ({
  applyTo: 'NETWORK_FILTER',
  match: filterMatch(options.context, options.filter),
  patch: { operation: 'MERGE', value: { typed_config: options.config } },
});

const reporterOf = (context: Context): Reporter =>
  context === 'SIDECAR_INBOUND' ? 'destination' : 'source';

const countRequests = (context: Context) =>
  mergeInto({
    context,
    filter: HTTP_MANAGER,
    config: {
      '@type': MANAGER_TYPE,
      access_log: httpLoggers(reporterOf(context)),
    },
  });

const countConnections = (context: Context) =>
  mergeInto({
    context,
    filter: TCP_PROXY,
    config: {
      '@type': TCP_TYPE,
      access_log_options: { flush_access_log_on_connected: true },
      // Otherwise a connection may be counted before its caller's certificate is there.
      ...(reporterOf(context) === 'destination' && {
        upstream_connect_mode: 'ON_DOWNSTREAM_TLS_HANDSHAKE',
        // Envoy wants a bound for what it reads meanwhile.
        max_early_data_bytes: 16_384,
      }),
      access_log: tcpLoggers(reporterOf(context)),
    },
  });

const mutateHeader = (value: string, action: string) => ({
  name: 'lab.peer',
  typed_config: {
    '@type': `${TYPE}.filters.http.header_mutation.v3.HeaderMutation`,
    mutations: {
      request_mutations: [
        {
          append: {
            append_action: action,
            header: { key: PEER_HEADER, value },
          },
        },
      ],
    },
  },
});

/** Caller's side: says who calls. */
const sendPeer = (context: Context) => ({
  applyTo: 'HTTP_FILTER',
  match: filterMatch(context, HTTP_MANAGER, 'envoy.filters.http.router'),
  patch: {
    operation: 'INSERT_BEFORE',
    value: mutateHeader(PEER, 'OVERWRITE_IF_EXISTS_OR_ADD'),
  },
});

/** Server's side: notes the header, takes it away from the application; a caller without one goes by its address. */
const readPeer = [
  {
    name: 'lab.peer.read',
    typed_config: {
      '@type': `${TYPE}.filters.http.header_to_metadata.v3.Config`,
      request_rules: [
        {
          header: PEER_HEADER,
          remove: true,
          on_header_present: { metadata_namespace: 'lab', key: 'peer' },
        },
      ],
    },
  },
  mutateHeader(CALLER_ADDRESS, 'ADD_IF_ABSENT'),
].map(value => ({
  applyTo: 'HTTP_FILTER',
  match: filterMatch('SIDECAR_INBOUND', HTTP_MANAGER),
  // Each goes to the front, so the last of the list comes first.
  patch: { operation: 'INSERT_FIRST', value },
}));

/** The EnvoyFilter that makes the proxies count as Istio's do. */
export const telemetryFilter = (): KubeObject => ({
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  metadata: { name: 'lab-telemetry', namespace: 'istio-system' },
  spec: {
    priority: -10,
    configPatches: [
      sendPeer('SIDECAR_OUTBOUND'),
      sendPeer('GATEWAY'),
      ...readPeer,
      countRequests('SIDECAR_OUTBOUND'),
      countRequests('SIDECAR_INBOUND'),
      countRequests('GATEWAY'),
      countConnections('SIDECAR_OUTBOUND'),
      countConnections('SIDECAR_INBOUND'),
      countConnections('GATEWAY'),
    ],
  },
});
