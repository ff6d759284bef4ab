import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import type {
  KindName,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { kubeObject } from '@istio-backstage/plugin-istio-common/testUtils';

/** The core's own tables: they have every rule of every kind, kept and broken. */
const CASES = join(
  dirname(require.resolve('@istio-backstage/plugin-istio-common/package.json')),
  'src/validation/cases',
);

interface Table {
  kind: KindName;
  cases: {
    name: string;
    metadata?: Partial<KubeObject['metadata']>;
    spec: Record<string, unknown>;
  }[];
}

/** The objects of all cases, by kind. */
export const EXAMPLES: ReadonlyMap<KindName, readonly KubeObject[]> = new Map(
  readdirSync(CASES).map(file => {
    const { kind, cases } = load(
      readFileSync(join(CASES, file), 'utf8'),
    ) as Table;
    return [
      kind,
      cases.map(({ metadata, spec }) =>
        kubeObject(
          kind,
          { name: 'x', namespace: 'catalog', ...metadata },
          { spec },
        ),
      ),
    ];
  }),
);
