import { isDeepStrictEqual } from 'node:util';
import { ConflictError } from '@backstage/errors';
import type {
  Change,
  SubmitRequest,
} from '@istio-backstage/plugin-istio-common';
import type { ChangeStore, StoredChange } from './types';

/**
 * Submits unless this person's submission of that key was recorded before, also by a request that
 * runs at the same moment: the database lets one of two insert the key, and the other is answered
 * with what that one made. A refused try holds no key, so it can be made again.
 *
 * @throws ConflictError when the key stands for another change
 */
export async function submitOnce(options: {
  store: Pick<ChangeStore, 'findByKey'>;
  request: SubmitRequest;
  /** Entity ref of who submits. */
  by: string;
  submit(): Promise<Change>;
  present(change: StoredChange): Promise<Change>;
}): Promise<Change> {
  const { request, store, by, submit, present } = options;
  const { idempotencyKey: key } = request;
  if (key === undefined) {
    return submit();
  }
  const answerRecorded = async () => {
    const recorded = await store.findByKey({ by, key });
    if (recorded) {
      checkSame(recorded, request);
    }
    return recorded && present(recorded);
  };
  const before = await answerRecorded();
  if (before) {
    return before;
  }
  try {
    return await submit();
  } catch (error) {
    const meanwhile = await answerRecorded();
    if (meanwhile) {
      return meanwhile;
    }
    throw error;
  }
}

function checkSame(recorded: StoredChange, request: SubmitRequest): void {
  const same =
    recorded.entityRef === request.entityRef &&
    isDeepStrictEqual(recorded.intent, request.intent);
  if (!same) {
    throw new ConflictError(
      `idempotencyKey: change ${recorded.id} was submitted under it and is another one; make a new key for each change`,
    );
  }
}
