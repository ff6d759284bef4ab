import type { IncomingMessage } from 'node:http';

const MAX_BODY = 1_000_000;

/** Parameters of a request, from the query string and (POST) from the form. */
export async function readParameters(
  request: IncomingMessage,
  url: URL,
): Promise<URLSearchParams> {
  const parameters = new URLSearchParams(url.searchParams);
  const type = request.headers['content-type'] ?? '';
  if (
    request.method !== 'POST' ||
    !type.startsWith('application/x-www-form-urlencoded')
  ) {
    return parameters;
  }
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > MAX_BODY) throw new Error('http: request body too large');
  }
  // A form's value comes before the same name in the address, as in Go.
  const form = new URLSearchParams(body);
  for (const [name, value] of parameters) form.append(name, value);
  return form;
}
