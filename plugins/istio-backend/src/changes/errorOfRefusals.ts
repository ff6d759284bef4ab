import {
  ConflictError,
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { PreflightResult } from './ChangePreflight';

/** The gravest of what the clusters said. */
export function errorOfRefusals({
  refusals,
}: PreflightResult): Error | undefined {
  const textOf = (kind: string) =>
    refusals.find(refusal => refusal.kind === kind)?.text;
  const denied = textOf('denied');
  if (denied) {
    return new NotAllowedError(denied);
  }
  const conflict = textOf('conflict');
  if (conflict) {
    return new ConflictError(conflict);
  }
  const failed = textOf('failed');
  if (failed) {
    return new InputError(`intent: the dry run was refused. ${failed}`);
  }
  const unavailable = textOf('unavailable');
  return unavailable
    ? new ServiceUnavailableError(`${unavailable}. Nothing was sent`)
    : undefined;
}
