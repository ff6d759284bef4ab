import type { Scenario } from '@istio-backstage/sandbox';

type Workload = Scenario['workloads'][number];
type Version = Workload['versions'][number];
type Call = Workload['calls'][number];
type Sender = Workload['sends'][number];
type Failure = Scenario['failures'][number];
type RequestKind = Call['requests'][number];

/** Where a request goes; read by `labapp workload` (go/app/workload_calls.go). */
interface Target {
  protocol: Call['protocol'];
  address: string;
  requests: RequestKind[];
  timeoutMillis?: number;
  bytesSent: number;
  bytesReceived: number;
}

/** What `labapp workload` reads from its environment. */
export interface WorkloadSettings {
  name: string;
  version: string;
  listen: {
    port: number;
    protocol: 'http' | 'tcp' | 'tls';
    certificate?: string;
    key?: string;
  }[];
  latency?: { p50: number; p99: number };
  responseBytes?: number;
  calls?: (Target & {
    perRequest: number;
    onlyFrom: string[];
    onFailure?: number;
  })[];
  failures?: {
    share: number;
    paths: string[];
    status: number;
    waitMillis: number;
  }[];
  sends?: (Target & { perSecond: number })[];
}

/** A server that hangs does so for longer than its caller waits. */
const HANG = 1.5;

const isTcp = (portName: string) => portName.startsWith('tcp');

const targetOf = (call: Call | Sender): Target => ({
  protocol: call.protocol,
  address: `${call.to}:${call.port}`,
  requests: call.requests,
  bytesSent: call.bytesSent,
  bytesReceived: call.bytesReceived,
});

/** UC: the server ends the connection without an answer, which the proxy turns into the code. */
const statusOf = ({ code, flags }: { code: string; flags: string }) =>
  flags === 'UC' ? 0 : Number(code);

/** What one version of a workload does, in the words of the lab's program. Pure. */
export function workloadSettings(
  scenario: Scenario,
  options: { workload: Workload; version: Version; share: number },
): WorkloadSettings {
  const { workload, version, share } = options;
  const calls = version.calls ?? workload.calls;
  const self = `${workload.namespace}/${workload.name}`;
  const deployment = `${self}-${version.version}`;
  return {
    name: workload.name,
    version: version.version,
    listen: workload.ports.map(port => ({
      port: port.targetPort ?? port.port,
      protocol: isTcp(port.name) ? 'tcp' : 'http',
    })),
    latency: version.latency ?? workload.latency,
    responseBytes: workload.responseBytes,
    calls: calls.map(call => ({
      ...targetOf(call),
      ...patience(scenario, deployment, call),
      perRequest: call.perRequest,
      onlyFrom: call.onlyFrom,
      ...(call.failsWith && { onFailure: statusOf(call.failsWith) }),
    })),
    failures: failuresOf(scenario, workload),
    sends: workload.sends.map(sender => ({
      ...targetOf(sender),
      perSecond: sender.rate * share,
    })),
  };
}

const hostOf = (place: string) => place.split('/').reverse().join('.');

/** Code 0 is a caller that gives up: it waits as long as the scenario says. */
function patience(scenario: Scenario, deployment: string, call: Call) {
  const failure = scenario.failures.find(
    one =>
      one.code === '0' && one.from === deployment && hostOf(one.to) === call.to,
  );
  return failure ? { timeoutMillis: failure.waitMs } : {};
}

function failuresOf(scenario: Scenario, workload: Workload) {
  const self = `${workload.namespace}/${workload.name}`;
  return scenario.failures
    .filter(({ to }) => to === self)
    .map(failure => ({
      share: failure.share,
      paths: pathsOf(scenario, failure),
      status: Number(failure.code),
      waitMillis: failure.waitMs * (failure.code === '0' ? HANG : 1),
    }));
}

/** The requests that the failing caller sends; an empty list is all of them. */
function pathsOf(scenario: Scenario, failure: Failure): string[] {
  if (!failure.from) return [];
  const host = hostOf(failure.to);
  const calls = scenario.workloads.flatMap(workload =>
    workload.versions
      .filter(
        ({ version }) =>
          failure.from === `${workload.namespace}/${workload.name}-${version}`,
      )
      .flatMap(version => version.calls ?? workload.calls),
  );
  return calls
    .filter(call => call.to === host)
    .flatMap(call => call.requests.map(({ path }) => path));
}
