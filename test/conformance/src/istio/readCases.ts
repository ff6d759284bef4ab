import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  KINDS,
  kubernetesKindOf,
  type KindName,
} from '@istio-backstage/plugin-istio-common';
import { load } from 'js-yaml';
import { repositoryRoot } from '../world/repositoryRoot';

/** Why the real ones refuse: fields of a schema, or words ("a|b": one of the two) that istiod says. */
interface Refusal {
  schema?: string[];
  istiod?: string[];
}

/** One object of the table. Its namespace is called `catalog` in here. */
interface Case {
  name: string;
  spec: unknown;
  metadata?: Record<string, unknown>;
  refused?: Refusal | true;
  /** The spec as it is stored, where that is not what was sent. */
  returns?: unknown;
  /** How many warnings istiod gives; compared where the sandbox judges the kind. */
  warnings?: number;
}

/** Objects of one kind; `id` is `Kind: name`. */
export interface CaseTable {
  kind: string;
  apiVersion: string;
  /** Kind in the object. */
  kubernetesKind: string;
  plural: string;
  cases: (Case & { id: string })[];
}

const VALIDATION = join(
  repositoryRoot,
  'plugins/istio-common/src/validation/cases',
);

const OWN = join(repositoryRoot, 'test/conformance/src/istio');

/** Kinds that the product does not read. */
const OTHER_KINDS: Record<string, { apiVersion: string; plural: string }> = {
  BackendTLSPolicy: {
    apiVersion: 'gateway.networking.k8s.io/v1',
    plural: 'backendtlspolicies',
  },
  ListenerSet: {
    apiVersion: 'gateway.networking.k8s.io/v1',
    plural: 'listenersets',
  },
  UDPRoute: {
    apiVersion: 'gateway.networking.k8s.io/v1',
    plural: 'udproutes',
  },
};

function readYaml<T>(...path: string[]): T {
  return load(readFileSync(join(...path), 'utf8')) as T;
}

function tableOf(kind: string, cases: Case[]): CaseTable {
  const info = KINDS[kind as KindName];
  const { apiVersion, plural } = info
    ? { apiVersion: `${info.group}/${info.version}`, plural: info.plural }
    : OTHER_KINDS[kind];
  return {
    kind,
    apiVersion,
    plural,
    kubernetesKind: info ? kubernetesKindOf(kind as KindName) : kind,
    cases: cases.map(one => ({ ...one, id: `${kind}: ${one.name}` })),
  };
}

/** The cases of istio-common's validation: what it says of them must be what istiod says. */
function readValidationCases(): CaseTable[] {
  const reasons = readYaml<Record<string, Record<string, Refusal>>>(
    OWN,
    'reasons.yaml',
  );
  return readdirSync(VALIDATION).map(file => {
    const { kind, cases } = readYaml<{
      kind: string;
      cases: {
        name: string;
        spec: unknown;
        metadata?: Record<string, unknown>;
        errors?: string[];
        errorsLike?: string[];
        warnings?: string[];
      }[];
    }>(VALIDATION, file);
    return tableOf(
      kind,
      cases.map(({ name, spec, metadata, warnings, ...judged }) => ({
        name,
        spec,
        metadata,
        warnings: warnings?.length,
        refused:
          reasons[kind]?.[name] ??
          (judged.errors || judged.errorsLike ? true : undefined),
      })),
    );
  });
}

/** Every object of the suite. */
export function readCases(): CaseTable[] {
  const folder = join(OWN, 'cases');
  const own = readdirSync(folder).flatMap(file =>
    readYaml<{ kind: string; cases: Case[] }[]>(folder, file),
  );
  return [
    ...readValidationCases(),
    ...own.map(({ kind, cases }) => tableOf(kind, cases)),
  ];
}
