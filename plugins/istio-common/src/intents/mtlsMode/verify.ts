import { listWorkloadPorts } from '../../mesh/mtls/listWorkloadPorts';
import { resolvePortMtls } from '../../mesh/mtls/resolvePortMtls';
import type { InboundCalls } from '../../mesh/mtls/countInbound';
import { formatQuantity } from '../../telemetry/format';
import { guardedWorkloads, inboundOf } from '../guarding/inboundCalls';
import type { EffectEvidence, TrafficVerdict } from '../types';
import type { MtlsModeParams } from './schema';

/**
 * A mode shows where it changes what arrives: with STRICT nothing comes in plaintext any more that did
 * before, with the others plaintext comes that did not. The called proxies report it in
 * `connection_security_policy`, without the port.
 */
export function verifyMtlsMode(
  params: MtlsModeParams,
  evidence: EffectEvidence,
): TrafficVerdict {
  const { observations, earlier, snapshots, minimumRequests } = evidence;
  const workloads = guardedWorkloads(params, snapshots);
  const modes = new Set(
    workloads.flatMap(({ snapshot, workload }) =>
      listWorkloadPorts(snapshot, workload)
        .filter(({ port }) => params.port === undefined || port === params.port)
        .map(({ port }) => resolvePortMtls({ snapshot, workload, port }).mode),
    ),
  );
  const [mode] = modes;
  if (modes.size !== 1 || mode === 'UNKNOWN' || mode === 'OUTSIDE') {
    return {
      verdict: 'impossible',
      why: 'the metrics do not name ports, and the ports accept different things now',
    };
  }
  const since = countSecurity(inboundOf(workloads, observations));
  const before = countSecurity(inboundOf(workloads, earlier));
  return mode === 'STRICT'
    ? verifyStrict({ since, before, minimumRequests })
    : verifyOpen({ since, before });
}

interface Counted {
  encrypted: number;
  plaintext: number;
}

function countSecurity(calls: readonly InboundCalls[]): Counted {
  const sum = (wanted: boolean) =>
    calls
      .filter(({ encrypted }) => encrypted === wanted)
      .reduce((total, one) => total + one.requests + one.connections, 0);
  return { encrypted: sum(true), plaintext: sum(false) };
}

function verifyStrict(options: {
  since: Counted;
  before: Counted;
  minimumRequests: number;
}): TrafficVerdict {
  const { since, before, minimumRequests } = options;
  if (before.plaintext === 0) {
    return {
      verdict: 'impossible',
      why: 'no call came in plaintext before the change, so traffic looks the same with it',
    };
  }
  if (since.plaintext > 0) {
    return {
      verdict: 'wait',
      why: `${formatQuantity(since.plaintext, 'call')} still came in plaintext`,
    };
  }
  return since.encrypted >= minimumRequests
    ? {
        verdict: 'verified',
        text: `Seen in traffic: all ${formatQuantity(
          since.encrypted,
          'call',
        )} since were encrypted, ${formatQuantity(
          before.plaintext,
          'call',
        )} before were not`,
      }
    : {
        verdict: 'wait',
        why: `${formatQuantity(
          since.encrypted,
          'call',
        )} since, ${minimumRequests} are needed to tell`,
      };
}

function verifyOpen(options: {
  since: Counted;
  before: Counted;
}): TrafficVerdict {
  const { since, before } = options;
  if (before.plaintext > 0) {
    return {
      verdict: 'impossible',
      why: 'calls came in plaintext before the change too, so traffic looks the same with it',
    };
  }
  return since.plaintext > 0
    ? {
        verdict: 'verified',
        text: `Seen in traffic: ${formatQuantity(
          since.plaintext,
          'call',
        )} since came in plaintext, none did before`,
      }
    : {
        verdict: 'wait',
        why: 'nobody has called in plaintext since, and permission that nobody uses leaves no trace',
      };
}
