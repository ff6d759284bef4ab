import { compareText, describeObject } from '../../resources/objectKey';
import { readMeshSecurity } from '../../resources/meshConfig';
import { readServiceEntry } from '../../resources/serviceEntry';
import { serviceOfHost } from '../../resources/host';
import { MeshSnapshot } from '../../snapshot/types';
import { AskedPolicy, decidedByRules } from './askPolicies';
import { Decision } from './decide';

/** What a provider is to the mesh. */
type Provider = 'usable' | 'notForTcp' | 'unknown' | { broken: string };

/**
 * CUSTOM policies come first. A match hands the call to the provider; where the provider is not usable,
 * or where one workload has several, Istio denies instead. Dry run does not exist for them: Istio's
 * configuration then denies.
 *
 * Source: istio/istio pilot/pkg/security/authz/builder buildHTTP, buildTCP; several providers need
 * PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS, off by default.
 */
export function askProviders(options: {
  snapshot: MeshSnapshot;
  custom: readonly AskedPolicy[];
  layer: 'http' | 'tcp';
}): Decision | undefined {
  const { snapshot, custom, layer } = options;
  const names = [...new Set(custom.map(({ provider }) => provider))].sort(
    compareText,
  );
  const decisions = names.flatMap(name => {
    const provider: Provider =
      names.length > 1
        ? {
            broken: `one workload may have one provider, and it has ${names.join(
              ', ',
            )}`,
          }
        : findProvider(snapshot, name, layer);
    const asked = custom.filter(each => each.provider === name);
    return provider === 'notForTcp'
      ? []
      : decideCustom(snapshot, asked, { name, provider }) ?? [];
  });
  return (
    decisions.find(({ decision }) => decision !== 'unknown') ?? decisions[0]
  );
}

function decideCustom(
  snapshot: MeshSnapshot,
  asked: readonly AskedPolicy[],
  of: { name: string; provider: Exclude<Provider, 'notForTcp'> },
): Decision | undefined {
  const { name, provider } = of;
  const broken = typeof provider === 'object' ? provider.broken : undefined;
  const matching = asked.filter(({ verdict }) => verdict === true);
  const enforced = matching.filter(({ dryRun }) => !dryRun);
  const dry = broken ? [] : matching.filter(({ dryRun }) => dryRun);
  if (dry.length > 0) {
    return {
      decision: 'deny',
      decidedBy: decidedByRules(snapshot, dry),
      reason: `${describeObject(
        dry[0].object,
      )} is CUSTOM and a dry run, which Istio does not know: its configuration denies`,
      missing: [],
    };
  }
  if (enforced.length > 0) {
    const decidedBy = decidedByRules(snapshot, enforced);
    return broken
      ? {
          decision: 'deny',
          decidedBy,
          reason: `a CUSTOM rule matches, and Istio denies because ${broken}`,
          missing: [],
        }
      : {
          decision: 'external',
          decidedBy,
          reason: `a CUSTOM rule matches: the provider ${name} decides`,
          missing:
            provider === 'unknown'
              ? [`meshConfig.extensionProviders (${name})`]
              : [],
        };
  }
  const open = asked.filter(
    ({ verdict, dryRun }) =>
      typeof verdict !== 'boolean' && !(dryRun && broken),
  );
  return open.length > 0
    ? {
        decision: 'unknown',
        decidedBy: decidedByRules(snapshot, open),
        reason: 'a CUSTOM rule may match',
        missing: open.flatMap(({ verdict }) =>
          typeof verdict === 'boolean' ? [] : verdict.missing,
        ),
      }
    : undefined;
}

function findProvider(
  snapshot: MeshSnapshot,
  name: string,
  layer: 'http' | 'tcp',
): Provider {
  const { providers } = readMeshSecurity(snapshot.meshConfig);
  if (!providers) {
    return 'unknown';
  }
  const named = providers.filter(provider => provider.name === name);
  const provider = named[named.length - 1];
  if (!provider) {
    return { broken: `meshConfig has no provider "${name}"` };
  }
  if (named.length > 1) {
    return { broken: `meshConfig has several providers "${name}"` };
  }
  if (!(provider.port && provider.port <= 65535)) {
    return { broken: `the provider ${name} has no valid port` };
  }
  if (!isInRegistry(snapshot, provider.service)) {
    return {
      broken: `the provider's service ${provider.service} is not known to the mesh`,
    };
  }
  return layer === 'tcp' && provider.protocol === 'http'
    ? 'notForTcp'
    : 'usable';
}

/** `[namespace/]host`; a host without namespace must be in one only. Source: LookupCluster. */
function isInRegistry(snapshot: MeshSnapshot, service: string): boolean {
  const [first, second] = service.split('/');
  const host = second ?? first;
  const found = new Set<string>();
  const own = serviceOfHost(host, snapshot.domain);
  if (own && snapshot.get('Service', own.namespace, own.name)) {
    found.add(own.namespace);
  }
  for (const entry of snapshot.list('ServiceEntry')) {
    if (readServiceEntry(entry).hosts.includes(host)) {
      found.add(entry.metadata.namespace ?? '');
    }
  }
  return second === undefined ? found.size === 1 : found.has(first);
}
