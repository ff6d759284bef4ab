import {
  formatCount,
  formatList,
  formatQuantity,
} from '../../telemetry/format';
import type { PodProxies } from './resolveMtls';
import { MtlsPort, MtlsResult } from './types';

/**
 * Where configuration and observation differ, in words. Telemetry does not name the port, so traffic is
 * held against the configuration only where all ports agree.
 */
export function describeMismatches(options: {
  ports: readonly MtlsPort[];
  observed: MtlsResult['observed'];
  proxies: readonly PodProxies[];
}): string[] {
  return [
    ...againstTraffic(options.ports, options.observed),
    ...withoutProxy(options.ports, options.proxies),
    ...betweenClusters(options.ports),
  ];
}

function againstTraffic(
  ports: readonly MtlsPort[],
  observed: MtlsResult['observed'],
): string[] {
  const { total, encrypted, unit } = observed;
  const plain = Math.round(total - encrypted);
  const all = (mode: MtlsPort['mode']) =>
    ports.length > 0 && ports.every(port => port.mode === mode);
  if (all('STRICT') && plain > 0) {
    return [
      `Only encrypted ${unit} are accepted (STRICT), yet ${formatCount(
        plain,
      )} of ${formatCount(
        total,
      )} arrived without encryption. They may be from before the policy, or the proxies have not taken it yet.`,
    ];
  }
  if (all('DISABLE') && encrypted > 0.5) {
    return [
      `Only plaintext is accepted (DISABLE), yet ${formatCount(
        encrypted,
      )} of ${formatCount(
        total,
      )} ${unit} arrived encrypted. They may be from before the policy, or the proxies have not taken it yet.`,
    ];
  }
  return [];
}

function withoutProxy(
  ports: readonly MtlsPort[],
  proxies: readonly PodProxies[],
): string[] {
  return proxies
    .filter(({ total, withProxy }) => withProxy > 0 && withProxy < total)
    .map(({ workload, total, withProxy }) => {
      const bare = total - withProxy;
      const strict = ports.some(
        ({ mode, workloads }) =>
          mode === 'STRICT' && workloads.includes(workload.name),
      );
      return `${formatCount(bare)} of ${formatQuantity(total, 'pod')} of ${
        workload.name
      } in ${workload.cluster} ${bare === 1 ? 'has' : 'have'} no proxy and ${
        bare === 1 ? 'takes' : 'take'
      } plaintext${strict ? ', although STRICT is set' : ''}.`;
    });
}

function betweenClusters(ports: readonly MtlsPort[]): string[] {
  const byPort = new Map<number, MtlsPort[]>();
  for (const port of ports) {
    byPort.set(port.port, [...(byPort.get(port.port) ?? []), port]);
  }
  return [...byPort].flatMap(([port, entries]) => {
    const modes = new Set(entries.map(({ mode }) => mode));
    const places = new Set(entries.map(({ clusters }) => clusters.join()));
    if (modes.size < 2 || places.size < 2) {
      return [];
    }
    return [
      `Port ${port} differs: ${formatList(
        entries.map(
          ({ mode, clusters }) => `${mode} in ${clusters.join(', ')}`,
        ),
      )}.`,
    ];
  });
}
