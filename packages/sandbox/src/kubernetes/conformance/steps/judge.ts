import type { Step } from '../types';
import { NAMESPACE, post } from './fixtures';

interface Kind {
  group: string;
  version?: string;
  kind: string;
  plural: string;
}

/** A dry-run create per spec: what the schema of the kind says of it. */
export function judge(kind: Kind, specs: Record<string, unknown>): Step[] {
  const { group, version = 'v1', kind: name, plural } = kind;
  const path = `/apis/${group}/${version}/namespaces/${NAMESPACE}/${plural}?dryRun=All`;
  return Object.entries(specs).map(([label, spec]) =>
    post(`${name}: ${label}`, path, {
      apiVersion: `${group}/${version}`,
      kind: name,
      metadata: { name: 'judged' },
      spec,
    }),
  );
}
