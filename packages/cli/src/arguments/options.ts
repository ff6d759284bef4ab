import type { ParseArgsConfig } from 'node:util';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;

/** What every command knows. */
const SHARED: OptionTable = {
  output: text,
  'mesh-config': text,
  'root-namespace': text,
};

/** Flags by command; the question fields of `test` have the same names. */
export const OPTIONS = {
  analyze: { ...SHARED, 'fail-on': text },
  validate: SHARED,
  check: {
    ...SHARED,
    policy: text,
    cluster: text,
    team: text,
    base: text,
    service: texts,
  },
  guard: { output: text, policy: text, cluster: text, 'exempt-group': texts },
  'explain mtls': { ...SHARED, to: text, port: text, from: text },
  'explain route': {
    ...SHARED,
    from: text,
    gateway: text,
    host: text,
    port: text,
    method: text,
    path: text,
    header: texts,
    protocol: text,
  },
  'explain authz': {
    ...SHARED,
    from: text,
    'from-ip': text,
    'from-workload': text,
    to: text,
    port: text,
    method: text,
    path: text,
    host: text,
    header: texts,
    claim: texts,
    protocol: text,
  },
  'explain split': { ...SHARED, to: text },
  'explain exposure': { ...SHARED, to: text },
  'explain resilience': { ...SHARED, to: text, from: text },
  test: { ...SHARED, expect: text },
  'audit verify': { output: text, key: texts, anchor: texts, schema: text },
  'audit pack': { key: texts, anchor: texts, out: text },
} as const satisfies Record<string, OptionTable>;

/** Commands that read no manifests. */
export const WITHOUT_PATHS: readonly string[] = ['guard'];

/** A command of the program. */
export type CommandName = keyof typeof OPTIONS;

/** What the flags said; keys as written without dashes in front. */
export interface CommandOptions {
  paths: readonly string[];
  values: Readonly<Record<string, string | readonly string[] | undefined>>;
}
