import type {
  Change,
  EntityAccess,
} from '@istio-backstage/plugin-istio-common';
import { sentences } from './presentWords';

/** Why Revert is off, in a sentence; undefined when it is on. */
export function resolveRevertGate(
  change: Change,
  access: EntityAccess | undefined,
): string | undefined {
  if (!change.revert.possible) {
    return `Revert is off: ${sentences(
      change.revert.why ?? 'this change has nothing to take back',
    )}`;
  }
  if (!access) return 'Revert is off until your rights are known.';
  if (!access.change.allowed) {
    return `Revert is off: ${sentences(
      access.change.reason ?? 'it needs permission istio.change.create',
    )}`;
  }
  return undefined;
}
