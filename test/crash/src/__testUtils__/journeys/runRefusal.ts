import type {
  AuditorService,
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { DatabaseAuditLog } from '../../../../../plugins/istio-backend/src/audit/DatabaseAuditLog';
import { AuditedChangeService } from '../../../../../plugins/istio-backend/src/changes/AuditedChangeService';
import { ChangeRefusal } from '../../../../../plugins/istio-backend/src/changes/ChangeRefusal';
import type { ChangeService } from '../../../../../plugins/istio-backend/src/changes/types';
import { createStore, SILENT } from '../createParts';
import type { CrashTask } from '../types';

const auditor: AuditorService = {
  createEvent: async () => ({
    success: async () => undefined,
    fail: async () => undefined,
  }),
};

const TEXTS = {
  InputError: 'intent.params.weights: must add up to 100',
  NotAllowedError: 'catalog-team may not change what is not theirs',
};

/** Somebody asks for what they may not have, or what makes no sense. */
export async function runRefusal(
  task: Extract<CrashTask, { journey: 'refuse' }>,
  knex: Knex,
): Promise<void> {
  const { change, error } = task;
  const { entityRef: userEntityRef, groups } = change.requestedBy;
  const refused = Object.assign(new Error(TEXTS[error]), { name: error });
  const service: Pick<ChangeService, 'submit'> = {
    submit: async () => {
      throw new ChangeRefusal(refused, change);
    },
  };
  const userInfo: UserInfoService = {
    getUserInfo: async () => ({
      userEntityRef,
      ownershipEntityRefs: [userEntityRef, ...groups],
    }),
  };
  await AuditedChangeService.create({
    service: service as ChangeService,
    store: createStore(knex),
    auditLog: DatabaseAuditLog.create({ knex }),
    auditor,
    userInfo,
    logger: SILENT,
  }).submit(
    {
      entityRef: change.entityRef,
      intent: { type: 'raw', params: {} } as never,
      planHash: change.planHash ?? '',
      reason: change.reason,
    },
    {
      credentials: {
        principal: { type: 'user', userEntityRef },
      } as BackstageCredentials<BackstageUserPrincipal>,
    },
  );
}
