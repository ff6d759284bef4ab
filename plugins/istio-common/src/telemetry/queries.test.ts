import fc from 'fast-check';
import { buildGoldenSignalQueries } from './buildGoldenSignalQueries';
import { buildObservationQueries } from './buildObservationQueries';
import { classifyResponse, FAILURE_PATTERNS } from './failure';
import {
  buildSelector,
  escapePromRegex,
  oneOf,
  quotePromString,
} from './promql';

/** Reads a PromQL string literal the way its grammar does. */
function unquote(literal: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return literal
    .slice(1, -1)
    .replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char);
}

/** String literals of a query, and the text around them. */
function split(query: string): { literals: string[]; rest: string } {
  const pattern = /"(?:[^"\\\n]|\\.)*"/g;
  return {
    literals: query.match(pattern) ?? [],
    rest: query.replace(pattern, '""'),
  };
}

const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'a"b',
    'a\\',
    '"} or up{x="',
    'x\n# comment',
    'a|b',
    '.*',
    '${x}',
    '\\"',
  ),
);

describe('PromQL builders', () => {
  it('quote any value so that it stays one literal', () => {
    fc.assert(
      fc.property(hostile, value => {
        const { literals, rest } = split(quotePromString(value));
        expect(rest).toBe('""');
        expect(unquote(literals[0])).toBe(value);
      }),
    );
  });

  it('escape regular expressions so that a name matches itself only', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, other) => {
        const pattern = new RegExp(`^(?:${escapePromRegex(name)})$`);
        expect(pattern.test(name)).toBe(true);
        expect(pattern.test(other)).toBe(name === other);
      }),
    );
  });

  it('keep their shape whatever the namespace is', () => {
    const shape = split(
      Object.values(
        buildObservationQueries({ namespace: 'x', seconds: 300 }),
      ).join('\n'),
    );
    fc.assert(
      fc.property(hostile, namespace => {
        const { literals, rest } = split(
          Object.values(
            buildObservationQueries({ namespace, seconds: 300 }),
          ).join('\n'),
        );
        expect(rest).toBe(shape.rest);
        literals.forEach((literal, index) => {
          const expected =
            shape.literals[index] === '"x"'
              ? namespace
              : unquote(shape.literals[index]);
          expect(unquote(literal)).toBe(expected);
        });
      }),
    );
  });

  it('keep their shape whatever the workloads are', () => {
    fc.assert(
      fc.property(hostile, hostile, (namespace, name) => {
        const build = (workload: { namespace: string; name: string }) =>
          split(
            Object.values(
              buildGoldenSignalQueries({
                workloads: [workload],
                rateSeconds: 60,
              }),
            ).join('\n'),
          );
        const { literals, rest } = build({ namespace, name });
        expect(rest).toBe(build({ namespace: 'x', name: 'y' }).rest);
        expect(literals.map(unquote)).toEqual(
          expect.arrayContaining([namespace, name]),
        );
      }),
    );
  });

  it('build the queries of one namespace', () => {
    const { requests, p99, newest } = buildObservationQueries({
      namespace: 'payments',
      seconds: 300,
    });
    expect(requests).toContain(
      'increase(istio_requests_total{destination_workload_namespace="payments"}[300s]) or increase(istio_requests_total{source_workload_namespace="payments"}[300s]) or increase(istio_requests_total{destination_service_namespace="payments"}[300s])',
    );
    expect(requests).toMatch(
      /^sum by \(reporter, source_workload, .*response_flags.*\) \(.*\) > 0$/,
    );
    expect(p99).toBe(
      'histogram_quantile(0.99, sum by (le, destination_workload, destination_workload_namespace) (rate(istio_request_duration_milliseconds_bucket{reporter=~"destination|waypoint",destination_workload_namespace="payments"}[300s])))',
    );
    expect(newest).toBe('max(timestamp(istio_requests_total))');
  });

  it('leave costly labels out of a whole cluster', () => {
    const { requests } = buildObservationQueries({ seconds: 300 });
    expect(requests).toContain('(increase(istio_requests_total[300s])) > 0');
    expect(requests).not.toMatch(/response_flags|destination_principal/);
    expect(requests).toContain('source_principal');
  });

  it('build the golden signals, failures by the rule of health', () => {
    const queries = buildGoldenSignalQueries({
      workloads: [
        { namespace: 'payments', name: 'payments-v2' },
        { namespace: 'payments', name: 'payments-v1' },
        { namespace: 'legacy', name: 'a.b' },
      ],
      rateSeconds: 60,
      reporter: 'source',
    });
    expect(queries.rate).toBe(
      'sum(rate(istio_requests_total{reporter="source",destination_workload_namespace="legacy",destination_workload="a.b"}[60s]) or rate(istio_requests_total{reporter="source",destination_workload_namespace="payments",destination_workload=~"payments-v1|payments-v2"}[60s]))',
    );
    expect(queries.errors).toContain('response_code=~"5..|0"');
    expect(queries.errors).toContain('grpc_response_status=~"2|4|12|13|14|15"');
    // What a fault rule aborted is neither a failure nor one of the requests that could have failed.
    const judged = queries.rate.replace(
      /\}\[/g,
      ',response_flags!~"(.*,)?FI(,.*)?"}[',
    );
    expect(queries.errors).toContain(`or 0 * ${judged}) / ${judged}`);
  });

  it('ask for nothing when there is no workload', () => {
    expect(
      buildGoldenSignalQueries({ workloads: [], rateSeconds: 60 }).rate,
    ).toBe(
      ['destination', 'waypoint', 'source']
        .map(
          reporter =>
            `sum(rate(istio_requests_total{reporter="${reporter}",destination_workload=""}[60s]))`,
        )
        .join(' or '),
    );
  });

  it('write matchers', () => {
    expect(buildSelector('up', [])).toBe('up');
    expect(
      buildSelector('up', [oneOf('a', ['x']), oneOf('b', ['y', 'z.'])]),
    ).toBe('up{a="x",b=~"y|z\\\\."}');
  });
});

describe('classifyResponse', () => {
  it.each([
    ['200', undefined, 'ok'],
    ['304', undefined, 'ok'],
    ['404', undefined, 'clientError'],
    ['503', undefined, 'serverError'],
    ['0', undefined, 'noResponse'],
    ['', undefined, 'ok'],
    ['200', '0', 'ok'],
    ['200', '14', 'grpcServerError'],
    ['200', '5', 'grpcClientError'],
    ['503', '14', 'serverError'],
    ['0', '14', 'noResponse'],
  ])('%s with gRPC status %s', (responseCode, grpcStatus, expected) => {
    expect(classifyResponse({ responseCode, grpcStatus })).toBe(expected);
  });

  it('says the same as the patterns of the charts', () => {
    const code = new RegExp(`^(?:${FAILURE_PATTERNS.responseCode})$`);
    const grpc = new RegExp(`^(?:${FAILURE_PATTERNS.grpcStatus})$`);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 599 }),
        fc.option(fc.integer({ min: 0, max: 16 }), { nil: undefined }),
        (responseCode, grpcStatus) => {
          const status = grpcStatus === undefined ? undefined : `${grpcStatus}`;
          const failed = [
            'serverError',
            'grpcServerError',
            'noResponse',
          ].includes(
            classifyResponse({
              responseCode: `${responseCode}`,
              grpcStatus: status,
            }),
          );
          expect(failed).toBe(
            code.test(`${responseCode}`) || grpc.test(status ?? ''),
          );
        },
      ),
    );
  });
});
