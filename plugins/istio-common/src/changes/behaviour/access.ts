import type { ComponentAccess } from '../../mesh/authorization/componentAccess';
import { observeCallers } from '../../mesh/authorization/observeCallers';
import type { BehaviourArea } from './types';

const WORDS: Record<ComponentAccess, string> = {
  always: 'allowed',
  sometimes: 'allowed with some requests',
  never: 'denied',
  refused: 'connection refused',
  unknown: 'unknown',
  mixed: 'differs between ports or clusters',
};

/** Whether those who were seen calling may still call. */
export const accessArea: BehaviourArea = {
  area: 'access',
  kinds: ['AuthorizationPolicy', 'RequestAuthentication', 'PeerAuthentication'],
  list: ({ snapshot, match, observations, observedIn }) =>
    observeCallers({
      match,
      snapshots: [snapshot],
      observations,
      ...(observedIn && { observedIn: [observedIn] }),
    }).map(({ namespace, workload, principal, access, reason, decidedBy }) => {
      const caller =
        workload === undefined
          ? principal ?? 'a caller without identity'
          : `${namespace}/${workload}`;
      return {
        key: caller,
        what: 'Calls',
        where: `from ${caller}`,
        value: {
          text: WORDS[access],
          // Who gets in notices nothing of which rule lets it in.
          ...(access !== 'always' && { detail: reason }),
          ...(decidedBy.length > 0 && { decidedBy: decidedBy[0] }),
        },
      };
    }),
};
