import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import express from 'express';
import request from 'supertest';
import type { ApprovalService } from '../changes/types';
import { createApprovalsRouter } from './createApprovalsRouter';

const HASH = 'a'.repeat(64);
const REASON = 'Looked at it';
const user = mockCredentials.user.header('user:default/dan.osei');

describe('createApprovalsRouter', () => {
  const service = {
    list: jest.fn(),
    approve: jest.fn(),
    decline: jest.fn(),
    cancel: jest.fn(),
    adopt: jest.fn(),
    review: jest.fn(),
    finish: jest.fn(),
    resolve: jest.fn(),
  } satisfies ApprovalService;
  const app = express()
    .use(createApprovalsRouter({ service, httpAuth: mockServices.httpAuth() }))
    .use(mockErrorHandler());

  beforeEach(() => {
    jest.resetAllMocks();
    Object.values(service).forEach(method =>
      method.mockResolvedValue({ id: 'made' }),
    );
  });

  const post = (path: string, body: object) =>
    request(app).post(path).set('Authorization', user).send(body);

  const DECISIONS = [
    ['approve', { approvalHash: HASH }],
    ['decline', { reason: REASON }],
    ['cancel', { reason: REASON }],
    ['adopt', { reason: REASON, ticket: 'CAT-7' }],
    ['review', { verdict: 'accepted', reason: REASON }],
    ['finish', { reason: REASON }],
    ['resolve', { found: 'inForce', reason: REASON }],
  ] as const;

  it.each(DECISIONS)(
    'hands a parsed %s on with who asks',
    async (verb, body) => {
      await post(`/v1/changes/01HZY/${verb}`, body).expect(200, { id: 'made' });
      expect(service[verb]).toHaveBeenCalledWith(
        '01HZY',
        body,
        expect.objectContaining({
          credentials: expect.objectContaining({
            principal: expect.objectContaining({
              userEntityRef: 'user:default/dan.osei',
            }),
          }),
        }),
      );
    },
  );

  it.each(DECISIONS)(
    'wants a signed-in user for %s, as JSON',
    async (verb, body) => {
      await request(app)
        .post(`/v1/changes/01HZY/${verb}`)
        .set('Authorization', mockCredentials.none.header())
        .send(body)
        .expect(401);
      await request(app)
        .post(`/v1/changes/01HZY/${verb}`)
        .set('Authorization', mockCredentials.service.header())
        .send(body)
        .expect(403);
      await request(app)
        .post(`/v1/changes/01HZY/${verb}`)
        .set('Authorization', user)
        .set('Content-Type', 'application/x-www-form-urlencoded')
        .send('reason=abc')
        .expect(415);
      expect(service[verb]).not.toHaveBeenCalled();
    },
  );

  it.each([
    ['approve', {}, 'approvalHash: Required'],
    [
      'approve',
      { approvalHash: 'x' },
      'approvalHash: must be the approval hash of the change',
    ],
    ['decline', {}, 'reason: Required'],
    ['cancel', { reason: 'x' }, 'reason: must say why'],
    [
      'resolve',
      { reason: REASON, found: 'maybe' },
      'found: Invalid enum value',
    ],
    ['review', { reason: REASON }, 'verdict: Required'],
  ])('names the field that is wrong: %s %j', async (verb, body, message) => {
    const answer = await post(`/v1/changes/01HZY/${verb}`, body).expect(400);
    expect(answer.body.error.message).toContain(message);
  });

  it('answers the queue, and errors of the service with their status', async () => {
    await request(app)
      .get('/v1/approvals')
      .set('Authorization', user)
      .expect(200, { id: 'made' });
    expect(service.list).toHaveBeenCalledTimes(1);
    service.approve.mockRejectedValue(new NotAllowedError('up to others'));
    await post('/v1/changes/01HZY/approve', { approvalHash: HASH }).expect(403);
    await post('/v1/changes/..%2Fx/approve', { approvalHash: HASH }).expect(
      400,
    );
  });
});
