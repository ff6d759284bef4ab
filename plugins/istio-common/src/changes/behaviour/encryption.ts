import { resolveMtls } from '../../mesh/mtls/resolveMtls';
import type { MtlsMode } from '../../mesh/mtls/types';
import type { BehaviourArea } from './types';

const WORDS: Record<MtlsMode, string> = {
  STRICT: 'only encrypted (STRICT)',
  PERMISSIVE: 'encrypted or not (PERMISSIVE)',
  DISABLE: 'not encrypted (DISABLE)',
  OUTSIDE: 'outside the mesh',
  UNKNOWN: 'unknown',
};

/** What each port of the component's workloads accepts. */
export const encryptionArea: BehaviourArea = {
  area: 'encryption',
  kinds: ['PeerAuthentication'],
  list: ({ snapshot, match }) =>
    resolveMtls({
      match,
      snapshots: [snapshot],
      observations: [],
    }).ports.flatMap(({ port, mode, decidedBy, workloads }) =>
      workloads.map(workload => ({
        key: `${workload}/${port}`,
        what: 'Encryption',
        where: `port ${port} of ${workload}`,
        value: { text: WORDS[mode], decidedBy },
      })),
    ),
};
