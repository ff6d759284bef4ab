import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import {
  hashObject,
  isNewerVersion,
  type KubeObject,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import type { ChangeStarter } from '../changes/ChangeStarter';
import { nameObject } from '../changes/changeWords';
import { lockKeyOf } from '../changes/objectLocks';
import type { ChangeStore, StoredChange } from '../changes/types';
import type { SeenObject } from './types';

/**
 * Closes changes that wait for approval or their time once somebody changed what they were planned on:
 * nobody is asked for an approval that could not count.
 */
export class WaitingChanges {
  static create(options: {
    knex: Knex;
    store: Pick<ChangeStore, 'get'>;
    starter: Pick<ChangeStarter, 'end'>;
    logger: LoggerService;
  }): WaitingChanges {
    return new WaitingChanges(options);
  }

  private constructor(
    private readonly options: Parameters<typeof WaitingChanges.create>[0],
  ) {}

  async objectsMoved(seen: readonly SeenObject[]): Promise<void> {
    const { knex, store, starter, logger } = this.options;
    const byKey = new Map(seen.map(one => [lockKeyOf(one.ref), one]));
    try {
      const rows = await knex('change_operation')
        .join('mesh_change', 'mesh_change.id', 'change_operation.change_id')
        .whereIn('change_operation.object_key', [...byKey.keys()])
        .whereIn('mesh_change.state', ['awaitingApproval', 'scheduled'])
        .distinct('change_operation.change_id');
      for (const { change_id: id } of rows) {
        const change = await store.get(id);
        const moved = change && findMoved(change, byKey);
        if (moved) {
          await starter.end(
            change,
            'superseded',
            `${nameObject(moved.ref)} changed since`,
          );
        }
      }
    } catch (error) {
      // It is found again when somebody approves, or when its time comes.
      logger.warn(
        'Changes that wait for an object that moved could not be closed',
        toError(error) as Error,
      );
    }
  }
}

function findMoved(
  change: StoredChange,
  byKey: ReadonlyMap<string, SeenObject>,
): SeenObject | undefined {
  for (const { object, base, action } of change.plan?.operations ?? []) {
    const seen = byKey.get(lockKeyOf(object));
    if (!seen) continue;
    const { live } = seen;
    if (action === 'create' ? live : !live || isMoved(base, live)) return seen;
  }
  return undefined;
}

/** The watch may be behind the base, and who writes the status moves nothing that a plan rests on. */
function isMoved(
  base: { uid: string; resourceVersion: string; hash: string } | undefined,
  live: KubeObject,
): boolean {
  const { uid, resourceVersion = '' } = live.metadata;
  return (
    base !== undefined &&
    isNewerVersion(resourceVersion, base.resourceVersion) &&
    (uid !== base.uid || hashObject(live) !== base.hash)
  );
}
