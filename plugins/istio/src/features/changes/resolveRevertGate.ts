import type { Change } from '@istio-backstage/plugin-istio-common';
import type { ChangeAccess } from '../../data';
import { sentences } from './presentWords';

/** Why Revert is off, in a sentence; undefined when it is on. */
export function resolveRevertGate(
  change: Change,
  access: Pick<ChangeAccess, 'offered' | 'refusal'>,
): string | undefined {
  if (!change.revert.possible) {
    return `Revert is off: ${sentences(
      change.revert.why ?? 'this change has nothing to take back',
    )}`;
  }
  if (access.offered === undefined) {
    return 'Revert is off until your rights are known.';
  }
  if (!access.offered) {
    return 'Revert is off: it needs permission istio.change.create.';
  }
  return access.refusal && `Revert is off: ${sentences(access.refusal)}`;
}
