import { ServiceUnavailableError } from '@backstage/errors';

/** What somebody is told instead of a refusal that could not be recorded: nobody tries unseen. */
export function unrecordedRefusal(): ServiceUnavailableError {
  return new ServiceUnavailableError(
    'This was refused, and the refusal could not be recorded. Nothing was sent; try again',
  );
}
