/** Answer of the query API, or the text of something else. */
export interface QueryAnswer {
  status: number;
  contentType: string | null;
  body: {
    status?: string;
    errorType?: string;
    error?: string;
    data?: { resultType: string; result: unknown };
  };
}

/** A POST with a form, as the product asks. */
export async function ask(
  url: string,
  endpoint: string,
  form: Record<string, string>,
): Promise<QueryAnswer> {
  const response = await fetch(`${url}/api/v1/${endpoint}`, {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(form).toString(),
    redirect: 'manual',
  });
  const text = await response.text();
  let body: QueryAnswer['body'];
  try {
    body = JSON.parse(text);
  } catch {
    body = {};
  }
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    body,
  };
}
