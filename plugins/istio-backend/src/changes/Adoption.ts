import { ConflictError } from '@backstage/errors';
import {
  transition,
  type AdoptRequest,
} from '@istio-backstage/plugin-istio-common';
import type { ChangeSettler } from './ChangeSettler';
import { shortName } from './changeWords';
import type { ChangeStore, StoredChange } from './types';

/** Options of {@link Adoption}. */
export interface AdoptionOptions {
  store: Pick<ChangeStore, 'update'>;
  settler: ChangeSettler;
  now: () => number;
}

/** Takes what a person says of a change that the portal did not make: that it is meant to be so. */
export class Adoption {
  static create(options: AdoptionOptions): Adoption {
    return new Adoption(options);
  }

  private constructor(private readonly options: AdoptionOptions) {}

  /** Throws ConflictError for a change of the portal, and for one that was adopted or reverted. */
  async adopt(
    change: StoredChange,
    { reason, ticket }: AdoptRequest,
    by: string,
  ): Promise<void> {
    const { store, settler, now } = this.options;
    const to = transition(change.state, 'adopted');
    if (!change.external || !to) {
      throw new ConflictError(
        change.external
          ? `It was ${change.state} already`
          : 'Only changes that were made outside the portal are adopted',
      );
    }
    const at = now();
    const matched = await store.update({
      id: change.id,
      from: [change.state],
      to,
      external: {
        ...change.external,
        adoption: { by, reason, ticket, at: new Date(at).toISOString() },
      },
      entries: [
        {
          opId: change.id,
          kind: 'adopted',
          occurredAt: at,
          actor: by,
          target: change.entityRef,
          payload: { title: change.title, reason, ticket },
          event: {
            kind: 'adopted',
            text: `Adopted by ${shortName(by)}: ${reason}`,
          },
        },
      ],
    });
    if (!matched) {
      throw new ConflictError('Somebody else decided meanwhile. Look again');
    }
    await settler.settled(change.id);
  }
}
