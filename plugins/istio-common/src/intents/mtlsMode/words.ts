import type { MtlsModeChoice, MtlsModeParams } from './schema';

/** "mTLS from PERMISSIVE to STRICT, for port 8080" */
export function titleOfMode(
  params: MtlsModeParams,
  before: readonly MtlsModeChoice[],
): string {
  const from = [...new Set(before)].map(wordMode).join(' and ');
  const to = wordMode(params.mode);
  return from === to
    ? 'no change'
    : `mTLS from ${from} to ${to}${wordPlace(params)}`;
}

/** "mTLS STRICT, for namespace payments" */
export function describeMode(params: MtlsModeParams): string {
  return `mTLS ${wordMode(params.mode)}${wordPlace(params)}`;
}

function wordMode(mode: MtlsModeChoice): string {
  return mode === 'INHERIT' ? 'inherited' : mode;
}

function wordPlace({ level, namespace, port }: MtlsModeParams): string {
  switch (level) {
    case 'mesh':
      return ', for the whole mesh';
    case 'namespace':
      return `, for namespace ${namespace}`;
    default:
      return port === undefined ? '' : `, for port ${port}`;
  }
}
