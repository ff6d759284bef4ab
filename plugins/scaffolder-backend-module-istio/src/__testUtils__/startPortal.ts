import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createServiceFactory,
  coreServices,
} from '@backstage/backend-plugin-api';
import type {
  BackendFeature,
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { parseEntityYaml } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import { IstioClient } from '@istio-backstage/plugin-istio-common';
import type { RunningSandbox } from '@istio-backstage/sandbox';
import scaffolderIstioModule from '../index';

const CATALOG = resolve(__dirname, '../../../../packages/sandbox/catalog');

/** Groups of the demo's people who play a part in the tests. */
const GROUPS: Record<string, string[]> = {
  'user:default/mira.kovac': ['group:default/catalog-team'],
  'user:default/jonas.weber': ['group:default/payments-team'],
};

const USER_INFO = createServiceFactory({
  service: coreServices.userInfo,
  deps: {},
  factory: () =>
    mockServices.userInfo.mock({
      getUserInfo: async credentials => {
        const { userEntityRef } = (
          credentials as BackstageCredentials<BackstageUserPrincipal>
        ).principal;
        return {
          userEntityRef,
          ownershipEntityRefs: [
            userEntityRef,
            ...(GROUPS[userEntityRef] ?? []),
          ],
        };
      },
    }),
});

/** Entities of one file of the demo catalog. */
export function readCatalog(file: string): Entity[] {
  const path = resolve(CATALOG, file);
  return [
    ...parseEntityYaml(readFileSync(path), { type: 'file', target: path }),
  ].map(result => {
    if (result.type !== 'entity') throw new Error(`${path}: ${result.type}`);
    const { entity } = result;
    return {
      ...entity,
      metadata: { namespace: 'default', ...entity.metadata },
    };
  });
}

/** How a run of a template ended. */
export interface TaskEnd {
  status: string;
  log: string[];
  output: { [name: string]: unknown };
}

/** The real scaffolder, this module and the real Istio backend in front of the sandbox. */
export async function startPortal(options: {
  sandbox: RunningSandbox;
  entities: Entity[];
  /** The Istio backend. */
  istioPlugin: BackendFeature;
}) {
  const backend = await startTestBackend({
    features: [
      scaffolderPlugin,
      scaffolderIstioModule,
      options.istioPlugin,
      mockServices.rootConfig.factory({ data: configFor(options.sandbox) }),
      catalogServiceMock.factory({ entities: options.entities }),
      USER_INFO,
    ],
  });
  const base = `http://127.0.0.1:${backend.server.port()}/api`;
  const send = (user: string, path: string, body?: object) =>
    fetch(`${base}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: mockCredentials.user.header(user),
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
  /** The Istio API as this person. */
  const clientFor = (user: string) =>
    new IstioClient({
      discoveryApi: { getBaseUrl: async plugin => `${base}/${plugin}` },
      fetchApi: {
        fetch: (input, init) => {
          const headers = new Headers(init?.headers);
          headers.set('authorization', mockCredentials.user.header(user));
          return fetch(input, { ...init, headers });
        },
      },
    });
  await untilFresh(clientFor('user:default/mira.kovac'));
  return {
    stop: () => backend.stop(),
    clientFor,
    /** Runs a template to its end. */
    async run(run: {
      template: string;
      values?: object;
      user?: string;
    }): Promise<TaskEnd> {
      const { template, values = {}, user = 'user:default/mira.kovac' } = run;
      const created = await send(user, '/scaffolder/v2/tasks', {
        templateRef: `template:default/${template}`,
        values,
      });
      const body = await created.json();
      if (created.status !== 201) throw new Error(JSON.stringify(body));
      // The stream ends with the task.
      const stream = await send(
        user,
        `/scaffolder/v2/tasks/${body.id}/eventstream`,
      );
      await stream.text();
      const task = await send(user, `/scaffolder/v2/tasks/${body.id}`);
      const events = await send(user, `/scaffolder/v2/tasks/${body.id}/events`);
      return presentEnd((await task.json()).status, await events.json());
    },
    /** Runs a template without effect. */
    async dryRun(template: Entity, values: object = {}): Promise<TaskEnd> {
      const answer = await send(
        'user:default/mira.kovac',
        '/scaffolder/v2/dry-run',
        { template, values, directoryContents: [] },
      );
      const body = await answer.json();
      return {
        status: answer.ok ? 'completed' : JSON.stringify(body),
        log: (body.log ?? []).map(
          ({ body: { message } }: { body: { message: string } }) => message,
        ),
        output: body.output ?? {},
      };
    },
  };
}

/** Until every cluster was read. */
async function untilFresh(client: IstioClient): Promise<void> {
  for (;;) {
    const { items } = await client.listClusters();
    if (items.every(({ state }) => state === 'fresh')) return;
    await pause(50);
  }
}

interface TaskEvent {
  type: string;
  body: { message: string; output?: { [name: string]: unknown } };
}

function presentEnd(status: string, events: TaskEvent[]): TaskEnd {
  return {
    status,
    log: events.map(({ body }) => body.message),
    output: events.find(({ type }) => type === 'completion')?.body.output ?? {},
  };
}

function configFor({ clusters }: RunningSandbox) {
  return {
    app: { baseUrl: 'https://portal.example/' },
    kubernetes: {
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: clusters.map(({ name, url }) => ({
            name,
            url,
            authProvider: 'serviceAccount',
            serviceAccountToken: 'sandbox-portal',
          })),
        },
      ],
    },
    istio: {
      impersonation: { user: '{name}', groups: '{name}' },
      ownership: { bindAll: true },
      clusters: clusters.map(({ name, prometheusUrl }) => ({
        name,
        prometheus: { url: prometheusUrl, scrapeIntervalSeconds: 5 },
      })),
    },
  };
}
