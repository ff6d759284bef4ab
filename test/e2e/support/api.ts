import { PORTAL } from './portal';

/** A portal token of one of the demo's people, as their browser has it. */
export async function tokenOf(person: string): Promise<string> {
  const response = await fetch(`${PORTAL}/api/auth/sandbox/refresh`, {
    headers: {
      'x-requested-with': 'XMLHttpRequest',
      'x-sandbox-user': `user:default/${person}`,
    },
  });
  if (!response.ok) {
    throw new Error(
      `Sign-in of ${person}: ${response.status} ${await response.text()}`,
    );
  }
  return (await response.json()).backstageIdentity.token;
}

/** A call of the plugin's HTTP API, without the page. */
export async function callApi(
  person: string,
  path: string,
  body?: object,
): Promise<Response> {
  return fetch(`${PORTAL}/api/istio${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${await tokenOf(person)}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
  });
}
