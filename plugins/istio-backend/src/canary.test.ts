import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  coreServices,
  createBackendModule,
  createServiceFactory,
  type DatabaseService,
  type RootLoggerService,
} from '@backstage/backend-plugin-api';
import { mockCredentials, TestBackend } from '@backstage/backend-test-utils';
import {
  API_ROUTES,
  type ApiRoute,
} from '@istio-backstage/plugin-istio-common';
import request from 'supertest';
import { waitFor } from './clusters/testing/waitFor';
import { startIstioBackend } from './__testUtils__/startIstioBackend';

jest.setTimeout(120_000);

/** A secret per place where one is given to the portal. */
const CANARIES = {
  clusterToken: 'canary-of-the-cluster',
  prometheusHeader: 'canary-of-prometheus',
  anchorHeader: 'canary-of-the-anchor',
  receiverHeader: 'canary-of-the-receiver',
  collectorHeader: 'canary-of-the-collector',
  signingKey: Buffer.from('canary-of-the-signing-key-012345').toString(
    'base64',
  ),
  // How the test's user tokens begin.
  userToken: 'mock-user-token',
  cookie: 'canary-of-a-cookie',
  forwardedToken: 'canary-of-the-identity-proxy',
  unknownField: 'canary-of-an-unknown-field',
};
const MIRA = 'user:default/mira.kovac';
const FROM_TO = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2036-01-01T00:00:00.000Z',
};
const QUERIES: Record<string, Record<string, string>> = {
  exportAuditLog: { format: 'ndjson', ...FROM_TO },
  makeEvidencePack: FROM_TO,
};

type Sink = 'answers' | 'log' | 'database' | 'sent on';

/** Refuses everything and repeats in words what it was asked with, as some proxies do. */
async function startMirror() {
  const seen: { authorization?: string; key?: string }[] = [];
  const bodies: string[] = [];
  const server = http.createServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', piece => {
      body += piece;
    });
    incoming.on('end', () => {
      bodies.push(body);
      const { authorization, 'x-api-key': key } = incoming.headers;
      seen.push({ authorization, key: String(key) });
      response.writeHead(502, { 'Content-Type': 'application/json' });
      response.end(
        JSON.stringify({
          kind: 'Status',
          message: `no upstream for ${authorization} ${key}`,
        }),
      );
    });
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    bodies,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Keeps every line with all that belongs to it. */
function createCapture(lines: string[]): RootLoggerService {
  const write = (message: string, meta?: unknown) =>
    lines.push(
      `${message} ${
        meta instanceof Error ? `${meta.stack}` : JSON.stringify(meta ?? {})
      }`,
    );
  const logger: RootLoggerService = {
    error: write,
    warn: write,
    info: write,
    debug: write,
    child: () => logger,
  };
  return logger;
}

describe('a secret that the portal is given', () => {
  const lines: string[] = [];
  const answers: string[] = [];
  let database: DatabaseService | undefined;
  let mirror: Awaited<ReturnType<typeof startMirror>>;
  let backend: TestBackend;

  beforeAll(async () => {
    mirror = await startMirror();
    backend = await startIstioBackend({
      entities: [],
      config: configOf(mirror.url),
      features: [
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () => createCapture(lines),
        }),
        createBackendModule({
          pluginId: 'istio',
          moduleId: 'database-reader',
          register(env) {
            env.registerInit({
              deps: { given: coreServices.database },
              init: async ({ given }) => {
                database = given;
              },
            });
          },
        }),
      ],
    });
    await askEverything();
    // Until the cluster's refusal has reached a page.
    await waitFor(async () => {
      const { text } = await send('listClusters');
      answers.push(text);
      if (!text.includes('answers with 502')) throw new Error(text);
    }, 20_000);
    await waitFor(async () => {
      // A receiver gets what comes after its first round, so something must still come.
      await send('exportAuditLog', QUERIES.exportAuditLog);
      const words = mirror.seen.map(one => JSON.stringify(one)).join();
      for (const sent of [
        CANARIES.clusterToken,
        CANARIES.receiverHeader,
        CANARIES.collectorHeader,
      ]) {
        if (!words.includes(sent)) throw new Error(`Not sent: ${sent}`);
      }
    }, 40_000);
  });

  afterAll(async () => {
    await backend?.stop();
    mirror?.close();
  });

  function configOf(url: string) {
    return {
      kubernetes: {
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: [
              {
                name: 'prod-eu',
                url,
                authProvider: 'serviceAccount',
                serviceAccountToken: CANARIES.clusterToken,
              },
            ],
          },
        ],
      },
      istio: {
        clusters: [
          {
            name: 'prod-eu',
            prometheus: {
              url,
              headers: { Authorization: `Bearer ${CANARIES.prometheusHeader}` },
            },
          },
        ],
        impersonation: { user: '{name}' },
        audit: {
          signingKey: CANARIES.signingKey,
          anchors: [
            {
              name: 'anchor',
              http: { url, headers: { 'X-Api-Key': CANARIES.anchorHeader } },
            },
          ],
          forward: [
            {
              name: 'receiver',
              http: { url, headers: { 'X-Api-Key': CANARIES.receiverHeader } },
            },
            {
              name: 'collector',
              otlp: { url, headers: { 'X-Api-Key': CANARIES.collectorHeader } },
            },
          ],
        },
      },
    };
  }

  async function send(
    name: keyof typeof API_ROUTES,
    query: Record<string, string> = {},
  ) {
    const { method, path }: ApiRoute = API_ROUTES[name];
    const url = `/api/istio${path
      .replace(':kind', 'component')
      .replace(/:\w+/g, '1')}`;
    const call =
      method === 'GET'
        ? request(backend.server).get(url)
        : request(backend.server)
            .post(url)
            .send({ password: CANARIES.unknownField });
    return call
      .query(query)
      .set('Authorization', mockCredentials.user.header(MIRA))
      .set('Cookie', `session=${CANARIES.cookie}`)
      .set('X-Forwarded-Access-Token', CANARIES.forwardedToken);
  }

  async function askEverything(): Promise<void> {
    for (const name of Object.keys(API_ROUTES) as (keyof typeof API_ROUTES)[]) {
      if (name === 'subscribe') continue;
      answers.push((await send(name, QUERIES[name])).text);
    }
    // Once more, as by now there is something to export.
    answers.push((await send('exportAuditLog', QUERIES.exportAuditLog)).text);
  }

  async function readDatabase(): Promise<string> {
    const knex = await database!.getClient();
    const tables: { name: string }[] = await knex('sqlite_master')
      .where('type', 'table')
      .select('name');
    const rows = await Promise.all(tables.map(({ name }) => knex(name)));
    expect(rows.flat().length).toBeGreaterThan(10);
    return JSON.stringify(rows);
  }

  it.each<[Sink, () => string | Promise<string>]>([
    ['answers', () => answers.join('\n')],
    ['log', () => lines.join('\n')],
    ['database', readDatabase],
    ['sent on', () => mirror.bodies.join('\n')],
  ])('does not stand in what goes to: %s', async (_, read) => {
    const text = await read();
    expect(text.length).toBeGreaterThan(0);
    const found = Object.entries(CANARIES)
      .filter(([, canary]) => text.includes(canary))
      .map(([place]) => place);
    expect(found).toEqual([]);
  });
});
