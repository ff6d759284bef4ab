import {
  type PolicyFile,
  policyFileSchema,
} from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';
import type { CommandOptions } from '../arguments/options';
import { textFlag } from '../arguments/readFlags';
import type { Terminal } from '../types';
import { parseDocuments } from './parseDocuments';
import { readFile } from './readFiles';

/**
 * Ownership and guardrails from `--policy`: a whole app-config, or its `istio:` section. Without the flag
 * nobody owns anything and every guardrail has its defaults. Throws `BadInput` that names the key.
 */
export function readPolicyFile(
  options: CommandOptions,
  terminal: Terminal,
): PolicyFile {
  const name = textFlag(options.values, 'policy');
  if (name === undefined) {
    return policyFileSchema.parse({});
  }
  const [document, ...more] = parseDocuments(
    name,
    readFile(name, terminal).text,
  );
  if (!document || more.length > 0) {
    throw new BadInput(`${name}: must hold one document`);
  }
  const { value } = document;
  const written = value as { istio?: unknown } | null;
  const isWhole =
    typeof value === 'object' && written !== null && 'istio' in written;
  const parsed = policyFileSchema.safeParse(
    (isWhole ? written.istio : value) ?? {},
  );
  if (!parsed.success) {
    throw new BadInput(
      parsed.error.issues
        .map(
          ({ path, message }) =>
            `${name}: ${['istio', ...path].join('.')}: ${message}`,
        )
        .join('; '),
    );
  }
  return parsed.data;
}

/** `--cluster`: must be one that the file knows, if it names any. */
export function clusterFlag(
  options: CommandOptions,
  file: PolicyFile,
): string | undefined {
  const cluster = textFlag(options.values, 'cluster');
  const known = [
    ...file.clusters.map(({ name }) => name),
    ...Object.values(file.guardrails.environments).flatMap(
      ({ clusters }) => clusters,
    ),
  ];
  if (cluster !== undefined && known.length > 0 && !known.includes(cluster)) {
    throw new BadInput(
      `--cluster must be one of ${[...new Set(known)].join(
        ', ',
      )}, it is "${cluster}"`,
    );
  }
  return cluster;
}
