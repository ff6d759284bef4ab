import type express from 'express';

/** Anything but JSON is refused before it is read; bodies that hold nothing may say nothing. */
export function requireJson(
  request: express.Request,
  response: express.Response,
  next: express.NextFunction,
) {
  const length = request.headers['content-length'] ?? '0';
  const empty = length === '0' && !request.headers['transfer-encoding'];
  if (request.method === 'GET' || request.is('json') || empty) {
    next();
    return;
  }
  response.status(415).json({
    error: {
      name: 'UnsupportedMediaTypeError',
      message: 'The body must be JSON (content-type: application/json)',
    },
    request: { method: request.method, url: request.path },
    response: { statusCode: 415 },
  });
}
