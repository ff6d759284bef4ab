import type { ObjectStore } from '../kubernetes/types';

/**
 * Refuses a failure between workloads that are not there: it would be taken and never happen.
 * Throws an Error that names the field and what is known.
 */
export function requireKnownPeers(
  store: ObjectStore,
  failure: { from?: string; to: string },
): void {
  const workloads = new Set(
    store.list('deployments.apps').flatMap(({ metadata }) => {
      const app = metadata.labels?.app;
      const { namespace, name } = metadata;
      return [`${namespace}/${name}`, ...(app ? [`${namespace}/${app}`] : [])];
    }),
  );
  const hosts = store
    .list('serviceentries.networking.istio.io')
    .flatMap(({ spec }) => (spec?.hosts as string[] | undefined) ?? []);
  if (failure.from !== undefined && !workloads.has(failure.from)) {
    throw new Error(unknown('from', failure.from, workloads));
  }
  const targets = new Set([...workloads, ...hosts]);
  if (!targets.has(failure.to)) {
    throw new Error(unknown('to', failure.to, targets));
  }
}

function unknown(field: string, name: string, known: Set<string>): string {
  return `${field}: nothing is called \`${name}\`; known: ${[...known]
    .sort()
    .join(', ')}`;
}
