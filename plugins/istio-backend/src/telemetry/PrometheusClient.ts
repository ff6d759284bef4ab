import type { PrometheusSample } from '@istio-backstage/plugin-istio-common';
import { z } from 'zod';
import { hideCredentials } from '../hideCredentials';

/** Answers above this are refused: they would be a query of ours gone wrong. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Prometheus itself refuses range queries with more points per series. */
const MAX_POINTS = 11_000;
/** What a connection that the other side has closed answers. */
const GIVEN_UP = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const labelsSchema = z.record(z.string());
const sampleSchema = z.tuple([z.number(), z.string()]);

const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({
        resultType: z.literal('vector'),
        result: z.array(
          z.object({ metric: labelsSchema, value: sampleSchema }),
        ),
      }),
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(
          z.object({ metric: labelsSchema, values: z.array(sampleSchema) }),
        ),
      }),
    ]),
  }),
  z.object({
    status: z.literal('error'),
    errorType: z.string().optional(),
    error: z.string().optional(),
  }),
]);

export interface MatrixSeries {
  metric: Record<string, string>;
  /** Epoch seconds and value; `NaN` and infinities are numbers that are not finite. */
  values: [number, number][];
}

/** Why a query has no answer, in words without address, header or token. */
export class PrometheusError extends Error {
  readonly name = 'PrometheusError';
}

/** Talks to one Prometheus, or anything with its query API. No redirects, bounded time and size. */
export class PrometheusClient {
  static create(options: {
    url: string;
    headers: Record<string, string>;
    timeoutMs: number;
    fetch?: typeof fetch;
  }): PrometheusClient {
    return new PrometheusClient(options);
  }

  private constructor(
    private readonly options: {
      url: string;
      headers: Record<string, string>;
      timeoutMs: number;
      fetch?: typeof fetch;
    },
  ) {}

  /** Instant query at `time` (epoch milliseconds). Throws {@link PrometheusError}. */
  async query(query: string, time: number): Promise<PrometheusSample[]> {
    const data = await this.post('query', {
      query,
      time: (time / 1000).toFixed(3),
    });
    if (data.resultType !== 'vector') {
      throw new PrometheusError(
        'Prometheus answered with another type than a vector',
      );
    }
    return data.result;
  }

  /** Range query; times in epoch milliseconds. Throws {@link PrometheusError}. */
  async queryRange(options: {
    query: string;
    from: number;
    to: number;
    stepSeconds: number;
  }): Promise<MatrixSeries[]> {
    const { query, from, to, stepSeconds } = options;
    if ((to - from) / 1000 / stepSeconds > MAX_POINTS) {
      throw new PrometheusError(
        `The range has more than ${MAX_POINTS} points; take a longer step`,
      );
    }
    const data = await this.post('query_range', {
      query,
      start: (from / 1000).toFixed(3),
      end: (to / 1000).toFixed(3),
      step: String(stepSeconds),
    });
    if (data.resultType !== 'matrix') {
      throw new PrometheusError(
        'Prometheus answered with another type than a matrix',
      );
    }
    return data.result.map(({ metric, values }) => ({
      metric,
      values: values.map(([at, text]) => [at, toNumber(text)]),
    }));
  }

  private async post(endpoint: string, form: Record<string, string>) {
    const { url, headers, timeoutMs } = this.options;
    const signal = AbortSignal.timeout(timeoutMs);
    let status: number;
    let text: string;
    try {
      const response = await this.fetchAgain(`${url}/api/v1/${endpoint}`, {
        method: 'POST',
        headers: {
          ...headers,
          Accept: 'application/json',
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({
          ...form,
          timeout: `${Math.ceil(timeoutMs / 1000)}s`,
        }).toString(),
        redirect: 'manual',
        signal,
      });
      status = response.status;
      text = await readText(response);
    } catch (error) {
      if (error instanceof PrometheusError) throw error;
      throw new PrometheusError(describeFailure(error, timeoutMs));
    }
    return parseAnswer(
      status,
      status < 400 ? text : hideCredentials(text, headers),
    );
  }

  /** A question asks again when it met a kept connection that the other side was just giving up. */
  private async fetchAgain(
    address: string,
    request: RequestInit,
  ): Promise<Response> {
    const send = this.options.fetch ?? fetch;
    try {
      return await send(address, request);
    } catch (error) {
      const { cause } = error as Error & { cause?: NodeJS.ErrnoException };
      if (!GIVEN_UP.has(cause?.code ?? '')) throw error;
      return send(address, request);
    }
  }
}

function parseAnswer(status: number, text: string) {
  if (status >= 300 && status < 400) {
    throw new PrometheusError(
      `Prometheus answered with a redirect (${status}), which is not followed; configure its final address`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new PrometheusError(`Prometheus answered ${status} without JSON`);
  }
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) {
    throw new PrometheusError(
      `Prometheus answered ${status} in a form that is not its query API`,
    );
  }
  if (parsed.data.status === 'error') {
    const { errorType, error } = parsed.data;
    throw new PrometheusError(
      `Prometheus refused the query (${errorType ?? status}): ${(
        error ?? 'no reason given'
      ).slice(0, 200)}`,
    );
  }
  return parsed.data.data;
}

async function readText(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw new PrometheusError(
        'The answer of Prometheus is larger than 64 MB',
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function describeFailure(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as Error & {
    cause?: NodeJS.ErrnoException;
  };
  if (name === 'TimeoutError' || name === 'AbortError') {
    return `Prometheus did not answer within ${Math.round(timeoutMs / 1000)} s`;
  }
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'connection refused',
    ECONNRESET: 'connection reset',
    ENOTFOUND: 'host name not found',
    UND_ERR_SOCKET: 'connection closed',
  };
  const reason = reasons[cause?.code ?? ''] ?? cause?.code;
  return `Prometheus does not answer${reason ? `: ${reason}` : ''}`;
}

function toNumber(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return Number(text);
}
