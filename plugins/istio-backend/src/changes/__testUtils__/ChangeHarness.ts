import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  DEFAULT_GUARDRAIL_SETTINGS,
  type Change,
  type SubmitRequest,
} from '@istio-backstage/plugin-istio-common';
import type {
  GuardrailPolicy,
  MeshReader,
  MeshWriter,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';
import { DatabaseAuditLog } from '../../audit/DatabaseAuditLog';
import { waitFor } from '../../clusters/testing/waitFor';
import {
  ImpersonationResolver,
  KUBERNETES_USER_ANNOTATION,
} from '../../clusters/ImpersonationResolver';
import {
  createChangeService,
  type CreateChangeServiceOptions,
  type CreatedChangeService,
} from '../createChangeService';
import type { ChangeServiceTimes } from '../changeServiceTimes';
import type { DriftSettings } from '../../drift/types';
import { FreezeCalendar, type FreezeWindow } from '../FreezeCalendar';
import { Guardrails } from '../../policies/Guardrails';
import { FakeTelemetry } from './FakeTelemetry';
import { shiftReviews } from './shiftReviews';

export const REVIEWS = 'component:default/reviews';
const TEAM = 'group:default/catalog-team';

/** People of the shop and the groups they are in. */
const PEOPLE: Record<string, string[]> = {
  'mira.kovac': [TEAM],
  'lena.fischer': [TEAM],
  'vera.lind': ['group:default/viewers'],
  'dan.osei': ['group:default/storefront-team'],
  'paul.adeyemi': ['group:default/platform-team'],
  // Mira once more: in the clusters both are one person.
  'mira.admin': [
    'group:default/storefront-team',
    'group:default/platform-team',
  ],
};

export const PLATFORM = 'group:default/platform-team';

const SECOND_IDENTITY: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: {
    name: 'mira.admin',
    namespace: 'default',
    annotations: { [KUBERNETES_USER_ANNOTATION]: 'mira.kovac' },
  },
  spec: {},
};

const ENTITIES: Entity[] = ['reviews', 'ratings'].map(name => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    annotations: {
      'backstage.io/kubernetes-label-selector': `app=${name}`,
      'backstage.io/kubernetes-namespace': 'catalog',
    },
  },
  spec: { type: 'service', lifecycle: 'production', owner: 'catalog-team' },
  relations: [{ type: 'ownedBy', targetRef: TEAM }],
}));

/** What the permission framework allows, by person and permission. */
type Decide = (
  user: string,
  permission: string,
  resourceRef: string,
) => boolean;

const DRIFT: DriftSettings = {
  enabled: true,
  ignoreManagers: [],
  ignoreKinds: [],
  keepDays: 400,
  keepRecords: 20_000,
};

/** What reads and writes the clusters. */
interface Mesh {
  reader: MeshReader;
  writer: MeshWriter;
}

/** The change service as the plugin puts it together, on a sandbox mesh and a test database. */
export class ChangeHarness {
  static async create(options: {
    mesh: Mesh;
    knex: Knex;
    times?: ChangeServiceTimes;
    /** Instead of the telemetry that a test sets. */
    source?: TelemetryProvider;
  }): Promise<ChangeHarness> {
    const harness = new ChangeHarness(options);
    await harness.open(options.times);
    return harness;
  }

  readonly telemetry = new FakeTelemetry();
  readonly auditor = mockServices.auditor.mock();
  readonly changed: string[][] = [];
  readonly notifications: NotificationSendOptions[] = [];
  /** Entities that the catalog shows to nobody. */
  readonly hidden = new Set<string>();
  /** Of replicas opened from now on. */
  freezeWindows: FreezeWindow[] = [];
  /** Git sources and their hosts; of replicas opened from now on. */
  git?: CreateChangeServiceOptions['git'];
  /** Of replicas opened from now on; without it changes made elsewhere are not looked for. */
  drift?: Partial<DriftSettings>;
  /** The adopter's own guardrails. */
  readonly policies: GuardrailPolicy[] = [];
  /** Replaced by tests. */
  decide: Decide = () => true;
  private created!: CreatedChangeService;

  private constructor(
    private readonly options: {
      mesh: Mesh;
      knex: Knex;
      source?: TelemetryProvider;
    },
  ) {}

  get service() {
    return this.created.service;
  }

  get approvals() {
    return this.created.approvals;
  }

  get history() {
    return this.created.history;
  }

  get auditLog() {
    return DatabaseAuditLog.create({ knex: this.options.knex });
  }

  /** Another replica, or the same one after a restart. */
  async open(times?: ChangeServiceTimes): Promise<CreatedChangeService> {
    const userInfo = mockServices.userInfo.mock({
      getUserInfo: async credentials => {
        const { userEntityRef } = (
          credentials as BackstageCredentials<BackstageUserPrincipal>
        ).principal;
        return {
          userEntityRef,
          ownershipEntityRefs: [
            userEntityRef,
            ...(PEOPLE[nameOf(userEntityRef)] ?? []),
          ],
        };
      },
    });
    const auth = mockServices.auth();
    const catalog = catalogServiceMock({
      entities: [...ENTITIES, SECOND_IDENTITY],
    });
    const visible = catalog.getEntitiesByRefs.bind(catalog);
    catalog.getEntitiesByRefs = async (request, catalogOptions) => {
      const answer = await visible(request, catalogOptions);
      return {
        items: answer.items.map((item, index) =>
          this.hidden.has(request.entityRefs[index]) ? undefined : item,
        ),
      };
    };
    this.created = await createChangeService({
      database: { getClient: async () => this.options.knex },
      logger: mockServices.logger.mock(),
      auditor: this.auditor,
      auth,
      userInfo,
      catalog,
      permissions: mockServices.permissions.mock({
        authorize: async (requests, decisionOptions) =>
          requests.map(({ permission, ...request }) => ({
            result: this.decide(
              userOf(decisionOptions),
              permission.name,
              'resourceRef' in request ? request.resourceRef ?? '' : '',
            )
              ? AuthorizeResult.ALLOW
              : AuthorizeResult.DENY,
          })),
      }),
      reader: this.options.mesh.reader,
      writer: this.options.mesh.writer,
      telemetry: this.options.source ?? this.telemetry,
      actingUsers: ImpersonationResolver.create({
        config: { user: '{name}', groups: '{name}' },
        userInfo,
        catalog,
        auth,
      }),
      ownership: { bindAll: true, namespaces: {} },
      guardrails: Guardrails.create({
        settings: DEFAULT_GUARDRAIL_SETTINGS,
        policies: this.policies,
        logger: mockServices.logger.mock(),
      }),
      findWorkloadOwner: async ({ name }) =>
        name.startsWith('storefront')
          ? {
              entityRef: 'component:default/storefront',
              ownerRef: 'group:default/storefront-team',
            }
          : undefined,
      onChanged: refs => this.changed.push(refs),
      drift: this.drift && {
        settings: { ...DRIFT, ...this.drift },
        components: {
          isReady: () => true,
          of: ({ metadata }) => {
            const refs = ENTITIES.map(({ metadata: { name } }) => name)
              .filter(name => metadata.name.includes(name))
              .map(name => `component:default/${name}`);
            return { primary: refs[0], all: refs };
          },
        },
      },
      approvals: { approvers: [PLATFORM], waitHours: 72, reviewHours: 24 },
      freezes: FreezeCalendar.create(this.freezeWindows),
      git: this.git,
      notifications: {
        send: async notification => {
          this.notifications.push(notification);
        },
      },
      times: { minimumRequests: 50, settleSeconds: 0, ...times },
    });
    return this.created;
  }

  /** Follows changes as the plugin does from its start on. */
  start(): void {
    this.created.start();
  }

  async stop(): Promise<void> {
    await this.created.stop();
  }

  as(name: string) {
    return { credentials: mockCredentials.user(`user:default/${name}`) };
  }

  /** Looks, then applies what it saw, as the dialog does. */
  async shift(
    weights: number[],
    options: { by?: string; clusters?: string[]; reason?: string } = {},
  ): Promise<Change> {
    const context = this.as(options.by ?? 'mira.kovac');
    const request = await this.request(weights, options);
    return this.service.submit(request, context);
  }

  /** A submission bound to a preview of now. */
  async request(
    weights: number[],
    options: { by?: string; clusters?: string[]; reason?: string } = {},
  ): Promise<SubmitRequest> {
    const intent = shiftReviews(weights, options.clusters);
    const { plan } = await this.service.preview(
      { entityRef: REVIEWS, intent },
      this.as(options.by ?? 'mira.kovac'),
    );
    return {
      entityRef: REVIEWS,
      intent,
      reason: options.reason ?? 'Next canary step',
      planHash: plan.hash,
    };
  }

  async revert(id: string, by = 'mira.kovac'): Promise<Change> {
    const { plan } = await this.service.previewRevert(id, this.as(by));
    return this.service.revert(
      id,
      { reason: 'Errors went up', planHash: plan.hash },
      this.as(by),
    );
  }

  get(id: string): Promise<Change> {
    return this.service.get(id, this.as('mira.kovac'));
  }

  /** Until the change is in the state. */
  async reaches(
    id: string,
    state: Change['state'],
    timeoutMs?: number,
  ): Promise<Change> {
    return waitFor(async () => {
      const change = await this.get(id);
      if (change.state !== state) {
        throw new Error(`${id} is ${change.state}, not ${state}`);
      }
      return change;
    }, timeoutMs);
  }

  /** Until the question is answered with yes. */
  async untilTrue(ask: () => Promise<boolean>): Promise<void> {
    await waitFor(async () => {
      if (!(await ask())) {
        throw new Error('not yet');
      }
    });
  }

  async all(): Promise<Change[]> {
    const { items } = await this.service.list(
      { limit: 100 },
      this.as('mira.kovac'),
    );
    return items;
  }
}

function nameOf(entityRef: string): string {
  return entityRef.slice(entityRef.lastIndexOf('/') + 1);
}

function userOf(options: unknown): string {
  const { credentials } = options as {
    credentials: BackstageCredentials<BackstageUserPrincipal>;
  };
  return nameOf(credentials.principal.userEntityRef);
}
