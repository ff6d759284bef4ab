import { startSandbox, type RunningSandbox } from '../startSandbox';

const NOW = Date.parse('2026-07-14T14:32:00Z');

let sandbox: RunningSandbox;

beforeAll(async () => {
  sandbox = await startSandbox({
    basePort: 0,
    clock: () => NOW,
    clusters: ['prod-eu'],
  });
});

afterAll(async () => {
  await sandbox?.close();
});

describe('the Jaeger API', () => {
  const jaeger = async (
    path: string,
    parameters: Record<string, string> = {},
  ) => {
    const query = new URLSearchParams(parameters);
    const response = await fetch(
      `${sandbox.clusters[0].jaegerUrl}/api/${path}?${query}`,
    );
    return { status: response.status, body: await response.json() };
  };

  interface Span {
    spanID: string;
    processID: string;
    operationName: string;
    startTime: number;
    duration: number;
    references: { spanID: string }[];
    tags: { key: string; value: unknown }[];
  }

  const tag = (span: Span, key: string) =>
    span.tags.find(one => one.key === key)?.value;

  it('finds failing traces whose cause is the edge that fails', async () => {
    const { body } = await jaeger('traces', {
      service: 'payments.payments',
      tags: '{"error":"true"}',
      lookback: '10m',
      limit: '5',
    });
    expect(body.data.length).toBeGreaterThan(0);
    for (const trace of body.data) {
      const spans: Span[] = trace.spans;
      const deepest = spans.filter(
        span => tag(span, 'error') && tag(span, 'http.status_code') === '0',
      );
      expect(deepest).toHaveLength(1);
      expect(deepest[0].operationName).toBe(
        'legacy-billing.legacy.svc.cluster.local:8080/*',
      );
      expect(tag(deepest[0], 'istio.canonical_revision')).toBe('v2');
      expect(deepest[0].duration).toBeGreaterThan(2_000_000);
    }
  });

  it('nests spans inside their parents and gives the same trace by id', async () => {
    const { body } = await jaeger('traces', {
      service: 'reviews.catalog',
      limit: '10',
    });
    expect(body.data).toHaveLength(10);
    for (const trace of body.data) {
      const byId = new Map<string, Span>(
        trace.spans.map((span: Span) => [span.spanID, span]),
      );
      expect(byId.size).toBe(trace.spans.length);
      for (const span of byId.values()) {
        for (const { spanID } of span.references) {
          const parent = byId.get(spanID)!;
          expect(span.startTime).toBeGreaterThanOrEqual(parent.startTime);
          expect(span.startTime + span.duration).toBeLessThanOrEqual(
            parent.startTime + parent.duration + 1,
          );
        }
      }
      const again = await jaeger(`traces/${trace.traceID}`);
      expect(again.body.data[0]).toEqual(trace);
    }
  });

  it('samples versions about as the metrics count them', async () => {
    const { body } = await jaeger('traces', {
      service: 'reviews.catalog',
      limit: '400',
    });
    const versions = body.data.flatMap((trace: { spans: Span[] }) =>
      trace.spans
        .filter(
          span =>
            tag(span, 'istio.canonical_service') === 'reviews' &&
            tag(span, 'span.kind') === 'server',
        )
        .map(span => tag(span, 'istio.canonical_revision')),
    );
    const v2 = versions.filter((version: string) => version === 'v2').length;
    expect(v2 / versions.length).toBeGreaterThan(0.13);
    expect(v2 / versions.length).toBeLessThan(0.27);
    expect(versions).not.toContain('v3');
  });

  it('knows services and operations, and says when a trace is not there', async () => {
    const services = await jaeger('services');
    expect(services.body.data).toContain('payments.payments');
    const operations = await jaeger('services/payments.payments/operations');
    expect(operations.body.data).toContain(
      'payments.payments.svc.cluster.local:8080/*',
    );
    const missing = await jaeger(`traces/${'0'.repeat(32)}`);
    expect(missing.status).toBe(404);
    expect(missing.body.errors).toEqual([
      { code: 404, msg: 'trace not found' },
    ]);
    expect((await jaeger('traces')).status).toBe(400);
  });
});
