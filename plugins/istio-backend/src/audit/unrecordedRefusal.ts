import { ServiceUnavailableError } from '@backstage/errors';

/**
 * What somebody is told instead of a refusal that could not be recorded: nobody tries unseen. Who is told
 * that nothing could be recorded was refused nothing, and is told that.
 */
export function unrecordedRefusal(refusal: Error): Error {
  if (refusal.name === 'ServiceUnavailableError') return refusal;
  return new ServiceUnavailableError(
    'This was refused, and the refusal could not be recorded. Nothing was sent; try again',
  );
}
