import {
  isNewerVersion,
  isReached,
  objectKey,
  type ChangeState,
  type KubeObject,
  type ObjectRef,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type { ProposedChanges } from '../../drift/types';
import type { ChangeStore, StoredChange } from '../types';
import type { ProposalDrafter } from './ProposalDrafter';

/** States of a change that somebody may have carried out. */
const MAY_BE_CARRIED_OUT: ChangeState[] = [
  'proposed',
  'merged',
  'applied',
  'verified',
  'unverifiable',
  'reverted',
];
/** Changes that are looked through for one batch of objects, the newest first. */
const AT_MOST = 500;

/** What is seen of an object; `live` absent: it is not there. */
interface Seen {
  key: string;
  ref: ObjectRef;
  live?: KubeObject;
}

/**
 * Tells which change through Git explains a write. The owner of the object sends it, so it carries no id
 * of the change: what it made of the object does.
 */
export class ProposedCauses implements ProposedChanges {
  static create(options: {
    store: Pick<ChangeStore, 'list'>;
    drafter: Pick<ProposalDrafter, 'sinkOf'>;
  }): ProposedCauses {
    return new ProposedCauses(options);
  }

  private constructor(
    private readonly options: Parameters<typeof ProposedCauses.create>[0],
  ) {}

  async causesOf(seen: readonly Seen[]): Promise<ReadonlyMap<string, string>> {
    const causes = new Map<string, string>();
    if (seen.length === 0) return causes;
    const { items } = await this.options.store.list({
      states: MAY_BE_CARRIED_OUT,
      proposedFor: seen.map(({ ref }) => ref),
      limit: AT_MOST,
    });
    for (const one of items.length > 0 ? seen : []) {
      for (const change of items) {
        const step = stepOf(change, one.ref);
        if (step && (await this.isCause(change, step, one))) {
          causes.set(one.key, change.id);
          break;
        }
      }
    }
    return causes;
  }

  private async isCause(
    change: StoredChange,
    step: PlanOperation,
    { live }: Seen,
  ): Promise<boolean> {
    if (!isReached(step, live)) return false;
    if (change.state === 'merged') return true;
    if (change.state === 'proposed') return this.isMerged(change);
    // Whoever brings the same about once more does it anew; and a deletion is proved by what was deleted.
    const { resourceVersion } = change.operations[step.index];
    return (
      live !== undefined &&
      resourceVersion !== undefined &&
      !isNewerVersion(live.metadata.resourceVersion ?? '', resourceVersion)
    );
  }

  /**
   * An owner may be faster than the portal's next look at the host; somebody who does by hand what is
   * still under review is not. A host that does not answer leaves it at the change.
   */
  private async isMerged({ proposal }: StoredChange): Promise<boolean> {
    if (proposal?.number === undefined) return false;
    const { repository, number } = proposal;
    const sink = this.options.drafter.sinkOf(repository);
    if (!sink) return true;
    return sink.look({ repository, number }).then(
      ({ state }) => state === 'merged',
      () => true,
    );
  }
}

function stepOf(
  { plan }: StoredChange,
  ref: ObjectRef,
): PlanOperation | undefined {
  return plan?.operations.find(
    ({ object }) =>
      object.cluster === ref.cluster && objectKey(object) === objectKey(ref),
  );
}
