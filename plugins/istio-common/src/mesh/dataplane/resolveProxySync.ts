import type { EntityMatch } from '../../entity/types';
import { readPod } from '../../resources/pod';
import type { KubeObject } from '../../resources/types';
import { isKnown } from '../../snapshot/readiness';
import type { MeshSnapshot } from '../../snapshot/types';
import type {
  ProxyStatusReading,
  ProxySync,
  UnsyncedConfig,
  UnsyncedProxy,
} from './types';

/** Proxies named in the sentence; the rest is counted. */
const NAMED_AT_MOST = 3;

/**
 * Whether the proxies of a component run what istiod last sent them. Only proxies that are ready count: one that
 * starts has nothing to be late with. Undefined where the component has no proxy of its own (ambient, outside).
 */
export function resolveProxySync(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  readings: readonly ProxyStatusReading[];
}): ProxySync | undefined {
  const { match, snapshots, readings } = options;
  const outOfSync: UnsyncedProxy[] = [];
  const unknown = new Set<string>();
  const times: number[] = [];
  let proxies = 0;
  for (const snapshot of snapshots) {
    const pods = proxyPods(snapshot, match);
    if (pods.length === 0) continue;
    proxies += pods.length;
    const { cluster } = snapshot;
    const reading = readings.find(one => one.cluster === cluster);
    if (reading?.state !== 'read') {
      const reason = reading?.reason ?? 'its istiod was not asked';
      unknown.add(`${cluster}: ${reason}`);
      continue;
    }
    times.push(reading.asOf);
    outOfSync.push(...compare(cluster, pods, reading.proxies));
  }
  if (proxies === 0) return undefined;
  return {
    state: stateOf(outOfSync, unknown),
    proxies,
    outOfSync,
    ...(times.length > 0 && {
      asOf: new Date(Math.min(...times)).toISOString(),
    }),
    text: describe({ proxies, outOfSync, unknown }),
  };
}

function proxyPods(snapshot: MeshSnapshot, match: EntityMatch): KubeObject[] {
  if (!isKnown(snapshot, 'Pod')) return [];
  return match.workloads
    .filter(({ cluster }) => cluster === snapshot.cluster)
    .flatMap(workload => snapshot.podsOf(workload))
    .filter(pod => {
      const { proxy, gone, ready } = readPod(pod);
      return ready && !gone && (proxy === 'sidecar' || proxy === 'gateway');
    });
}

function compare(
  cluster: string,
  pods: readonly KubeObject[],
  known: Extract<ProxyStatusReading, { state: 'read' }>['proxies'],
): UnsyncedProxy[] {
  return pods.flatMap(({ metadata }): UnsyncedProxy[] => {
    const { name: pod, namespace = '' } = metadata;
    const place = { cluster, namespace, pod };
    const status = known.find(
      one => one.pod === pod && one.namespace === namespace,
    );
    if (!status) {
      return [{ ...place, state: 'notConnected', configs: [] }];
    }
    return status.unsynced.length === 0
      ? []
      : [{ ...place, ...summarise(status.unsynced) }];
  });
}

/** A refusal stays until somebody changes something, so it goes before what is merely late. */
function summarise(
  unsynced: readonly UnsyncedConfig[],
): Pick<UnsyncedProxy, 'state' | 'configs' | 'error'> {
  const refused = unsynced.filter(({ state }) => state === 'refused');
  const worst = refused.length > 0 ? refused : unsynced;
  const [{ state, error }] = worst;
  return {
    state,
    configs: worst.map(({ config }) => config),
    ...(error === undefined ? {} : { error }),
  };
}

function stateOf(
  outOfSync: readonly UnsyncedProxy[],
  unknown: ReadonlySet<string>,
): ProxySync['state'] {
  if (outOfSync.length > 0) return 'outOfSync';
  return unknown.size > 0 ? 'unknown' : 'inSync';
}

function describe(options: {
  proxies: number;
  outOfSync: readonly UnsyncedProxy[];
  unknown: ReadonlySet<string>;
}): string {
  const { proxies, outOfSync, unknown } = options;
  const sentences: string[] = [];
  if (outOfSync.length > 0) {
    const named = outOfSync.slice(0, NAMED_AT_MOST).map(describeProxy);
    const more = outOfSync.length - named.length;
    sentences.push(
      `${outOfSync.length} of ${proxies} proxies ${
        outOfSync.length === 1 ? 'is' : 'are'
      } out of sync with istiod: ${named.join('; ')}${
        more > 0 ? `; and ${more} more` : ''
      }`,
    );
  } else if (unknown.size === 0) {
    sentences.push(
      proxies === 1
        ? 'The proxy runs what istiod last sent it'
        : `All ${proxies} proxies run what istiod last sent them`,
    );
  }
  if (unknown.size > 0) {
    sentences.push(
      `Whether the proxies are in sync with istiod is not known in ${[
        ...unknown,
      ].join('; ')}`,
    );
  }
  return sentences.join('. ');
}

const STATES: Record<UnsyncedProxy['state'], string> = {
  refused: 'refused',
  notAcknowledged: 'did not acknowledge',
  notConnected: 'is not connected to istiod',
};

function describeProxy({ pod, state, configs }: UnsyncedProxy): string {
  return [pod, STATES[state], configs.join(', ')].filter(Boolean).join(' ');
}
