import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { AuditAnchor } from '@istio-backstage/plugin-istio-node';
import express from 'express';
import type { Knex } from 'knex';
import request from 'supertest';
import { createAuditRouter } from '../../routers/createAuditRouter';
import { createAuditServices } from '../createAuditServices';
import { ORIGIN } from './LogHarness';

export const MIRA = 'user:default/mira.kovac';
export const VERA = 'user:default/vera.lind';

const entityOf = (name: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default' },
});

/** The audit API over a migrated database; everything is allowed but what `denied` names. */
export async function openAuditApi(
  knex: Knex,
  options: { anchors?: AuditAnchor[] } = {},
) {
  const denied: string[] = [];
  const { service, keeper } = await createAuditServices({
    config: {
      origin: ORIGIN,
      signingKey: new Uint8Array(32).fill(1),
      acceptNewKey: false,
      anchors: [],
      forward: [],
    },
    anchors: options.anchors ?? [],
    clientFor: name => {
      throw new Error(`The test has no cluster ${name}`);
    },
    database: mockServices.database.mock({ getClient: async () => knex }),
    auditor: mockServices.auditor.mock({
      createEvent: async () => ({
        success: async () => {},
        fail: async () => {},
      }),
    }),
    logger: mockServices.logger.mock(),
    catalog: catalogServiceMock({
      entities: [entityOf('reviews'), entityOf('payments')],
    }),
    permissions: mockServices.permissions.mock({
      authorize: async questions =>
        questions.map(({ permission, resourceRef }) => ({
          result: denied.includes(resourceRef ?? permission.name)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        })),
    }),
  });
  const app = express()
    .use(createAuditRouter({ service, httpAuth: mockServices.httpAuth() }))
    .use(mockErrorHandler());
  return {
    app,
    keeper,
    /** Replaces what is denied: permissions, or refs of components whose record may not be read. */
    deny: (...names: string[]) => {
      denied.splice(0, denied.length, ...names);
    },
    get: (path: string, user = MIRA) =>
      request(app)
        .get(`/v1/audit${path}`)
        .set('Authorization', mockCredentials.user.header(user)),
  };
}

/** For supertest: the answer as text, whatever its type. */
export function asText(
  response: request.Response,
  done: (error: Error | null, text: string) => void,
): void {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
  });
  response.on('end', () => done(null, text));
}
