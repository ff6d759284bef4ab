import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConflictError, NotFoundError } from '@backstage/errors';
import express from 'express';
import request from 'supertest';
import type { ChangeService } from '../changes/types';
import { shiftReviews } from '../changes/__testUtils__/shiftReviews';
import { createChangesRouter } from './createChangesRouter';

const HASH = 'a'.repeat(64);
const intent = shiftReviews([70, 30, 0]);
const user = mockCredentials.user.header('user:default/mira.kovac');

describe('createChangesRouter', () => {
  const service = {
    preview: jest.fn(),
    submit: jest.fn(),
    previewRevert: jest.fn(),
    revert: jest.fn(),
    get: jest.fn(),
    list: jest.fn(),
  } satisfies ChangeService;
  const app = express()
    .use(createChangesRouter({ service, httpAuth: mockServices.httpAuth() }))
    .use(mockErrorHandler());

  beforeEach(() => {
    jest.resetAllMocks();
    Object.values(service).forEach(method =>
      method.mockResolvedValue({ id: 'made' }),
    );
  });

  const post = (path: string, body: object) =>
    request(app).post(path).set('Authorization', user).send(body);

  it('hands parsed requests to the service with who asks', async () => {
    const body = { entityRef: 'component:default/reviews', intent };
    await post('/v1/changes/preview', body).expect(200, { id: 'made' });
    expect(service.preview).toHaveBeenCalledWith(
      body,
      expect.objectContaining({
        credentials: expect.objectContaining({
          principal: expect.objectContaining({
            userEntityRef: 'user:default/mira.kovac',
          }),
        }),
      }),
    );
    const submission = { ...body, reason: '  Next step ', planHash: HASH };
    await post('/v1/changes', submission).expect(201, { id: 'made' });
    expect(service.submit.mock.calls[0][0]).toEqual({
      ...submission,
      reason: 'Next step',
    });
  });

  it('passes ids and filters on', async () => {
    const get = (path: string) =>
      request(app).get(path).set('Authorization', user);
    await get('/v1/changes/01HZY').expect(200);
    expect(service.get.mock.calls[0][0]).toBe('01HZY');
    await get('/v1/changes?entityRef=component:default/a&limit=3').expect(200);
    expect(service.list.mock.calls[0][0]).toEqual({
      entityRef: 'component:default/a',
      limit: 3,
    });
    await post('/v1/changes/01HZY/revert/preview', {}).expect(200);
    expect(service.previewRevert.mock.calls[0][0]).toBe('01HZY');
    await post('/v1/changes/01HZY/revert', {
      reason: 'Errors',
      planHash: HASH,
    }).expect(201);
    expect(service.revert.mock.calls[0].slice(0, 2)).toEqual([
      '01HZY',
      { reason: 'Errors', planHash: HASH },
    ]);
  });

  it('takes the preview of a revert without any body', async () => {
    await request(app)
      .post('/v1/changes/01HZY/revert/preview')
      .set('Authorization', user)
      .expect(200);
    expect(service.previewRevert).toHaveBeenCalledTimes(1);
  });

  it.each([
    [{ reason: 'x' }, 'reason: must say why, in at least 3 characters'],
    [{ planHash: 'no' }, 'planHash: must be the hash of a preview'],
    [
      { intent: shiftReviews([70, 20, 0]) },
      'intent.params.weights: must sum to 100, the sum is 90',
    ],
    [
      { intent: shiftReviews([170, -70, 0]) },
      'intent.params.weights[0].weight: Number must be less than or equal to 100',
    ],
    [{ entityRef: undefined }, 'entityRef: Required'],
  ])('names the field that is wrong: %j', async (wrong, message) => {
    const answer = await post('/v1/changes', {
      entityRef: 'component:default/reviews',
      intent,
      reason: 'Next step',
      planHash: HASH,
      ...wrong,
    }).expect(400);
    expect(answer.body.error.message).toContain(message);
    expect(service.submit).not.toHaveBeenCalled();
  });

  it('refuses what a form on another site could send', async () => {
    const form = (type: string, body: string) =>
      request(app)
        .post('/v1/changes')
        .set('Authorization', user)
        .set('Content-Type', type)
        .send(body);
    await form('application/x-www-form-urlencoded', 'reason=abc').expect(415);
    await form('text/plain', '{"reason":"abc"}').expect(415);
    await form('multipart/form-data; boundary=x', '--x--').expect(415);
    expect(service.submit).not.toHaveBeenCalled();
  });

  it('wants a signed-in user, not a service and not nobody', async () => {
    await request(app)
      .get('/v1/changes')
      .set('Authorization', mockCredentials.none.header())
      .expect(401);
    await request(app)
      .post('/v1/changes/preview')
      .set('Authorization', mockCredentials.service.header())
      .send({})
      .expect(403);
    expect(service.list).not.toHaveBeenCalled();
  });

  it('refuses bodies that are too large', async () => {
    await post('/v1/changes', { reason: 'x'.repeat(300_000) }).expect(413);
    expect(service.submit).not.toHaveBeenCalled();
  });

  it('answers errors of the service with their status', async () => {
    service.get.mockRejectedValue(new NotFoundError('There is no change X'));
    await request(app)
      .get('/v1/changes/X')
      .set('Authorization', user)
      .expect(404);
    service.revert.mockRejectedValue(new ConflictError('changed since'));
    await post('/v1/changes/X/revert', {
      reason: 'Errors',
      planHash: HASH,
    }).expect(409);
    await request(app)
      .get('/v1/changes/..%2F..%2Fx')
      .set('Authorization', user)
      .expect(400);
    expect(service.get).toHaveBeenCalledTimes(1);
  });
});
