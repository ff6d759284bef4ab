import {
  gainsAccess,
  losesAccess,
  mayLoseAccess,
  type AffectedCaller,
} from '@istio-backstage/plugin-istio-common';
import type { StatusKind } from '../../components';

/** Whether a caller gets in once the change is in force. */
export function presentAccess(caller: AffectedCaller): {
  status?: StatusKind;
  words: string;
  why?: string;
} {
  const { access } = caller;
  if (!access) return { status: 'unknown', words: 'Unknown' };
  if (mayLoseAccess(caller)) {
    return { status: 'warn', words: 'May be refused', why: access.reason };
  }
  if (losesAccess(caller)) {
    return { status: 'deny', words: 'Would be refused', why: access.reason };
  }
  if (gainsAccess(caller)) {
    return { status: 'pass', words: 'Would be let in' };
  }
  switch (access.after) {
    case 'always':
      return { words: 'Gets in, as now' };
    case 'sometimes':
      return { words: 'Gets in with some requests', why: access.reason };
    case 'never':
    case 'refused':
      return { words: 'Refused, as now', why: access.reason };
    case 'mixed':
      return {
        status: 'differs',
        words: 'Differs by port or cluster',
        why: access.reason,
      };
    default:
      return { status: 'unknown', words: 'Unknown', why: access.reason };
  }
}
