import { parseDuration } from '../prometheus/promql/literals';
import type { TrafficModel } from '../traffic/TrafficModel';
import { buildTrace, mentions, serviceNameOf } from './buildTrace';
import { requestOfTrace, sampleRequest, SLOT_MS } from './sampleRequests';
import type { JaegerSpan, JaegerTrace } from './types';

/** Slots one search looks at, so that a search over days ends. */
const MAX_SLOTS = 40_000;
const HOUR_MS = 3_600_000;

export interface JaegerAnswer {
  status: number;
  body: unknown;
}

interface Search {
  service: string;
  operation?: string;
  tags: Record<string, string>;
  from: number;
  to: number;
  limit: number;
  minMs: number;
  maxMs: number;
}

const success = (data: unknown[]): JaegerAnswer => ({
  status: 200,
  body: { data, total: data.length, limit: 0, offset: 0, errors: null },
});

const failure = (status: number, msg: string): JaegerAnswer => ({
  status,
  body: {
    data: null,
    total: 0,
    limit: 0,
    offset: 0,
    errors: [{ code: status, msg }],
  },
});

/** Jaeger's query API over traces that are computed from the traffic model. */
export class JaegerApi {
  constructor(
    private readonly model: TrafficModel,
    private readonly clock: () => number,
  ) {}

  /** `path` is what follows `/api/`. Undefined: no such endpoint. */
  answer(path: string, parameters: URLSearchParams): JaegerAnswer | undefined {
    const operations = /^services\/([^/]+)\/operations$/.exec(path);
    if (operations) {
      const names = this.operations(decodeURIComponent(operations[1]));
      return success([...new Set(names.map(({ name }) => name))]);
    }
    const one = /^traces\/([^/]+)$/.exec(path);
    if (one) return this.trace(one[1]);
    switch (path) {
      case 'services':
        return success(this.services());
      case 'operations':
        return parameters.get('service')
          ? success(this.operations(parameters.get('service')!))
          : failure(400, "parameter 'service' is required");
      case 'traces':
        return this.search(parameters);
      default:
        return undefined;
    }
  }

  private trace(traceId: string): JaegerAnswer {
    const request = requestOfTrace(this.model, traceId);
    if (!request || request.at > this.clock()) {
      return failure(404, 'trace not found');
    }
    return success([buildTrace(request, this.model.plan)]);
  }

  /** Everything that proxies report spans for, with the operations, as of now. */
  private operationsByService(): Map<string, Map<string, Set<string>>> {
    const found = new Map<string, Map<string, Set<string>>>();
    const note = (service: string, name: string, kind: string) => {
      const names = found.get(service) ?? new Map<string, Set<string>>();
      found.set(service, names);
      names.set(name, (names.get(name) ?? new Set()).add(kind));
    };
    const phase = this.model.phaseAt(this.clock());
    for (const { routed, outcomes, coefficients } of phase?.edges.values() ??
      []) {
      const { call } = routed.edge;
      if (call.protocol === 'tcp' || !coefficients.some(value => value > 0)) {
        continue;
      }
      for (const { target } of outcomes) {
        const name = `${target.service?.host ?? call.to}:${
          target.servicePort
        }/*`;
        const { mode } = routed.client;
        if (mode === 'sidecar' || mode === 'gateway') {
          note(serviceNameOf(routed.client), name, 'client');
        }
        if (target.waypoint) {
          note(serviceNameOf(target.waypoint.peer), name, 'server');
        }
        if (target.server?.mode === 'sidecar' && !target.local) {
          note(serviceNameOf(target.server), name, 'server');
        }
      }
    }
    return found;
  }

  private services(): string[] {
    return [...this.operationsByService().keys()].sort();
  }

  private operations(service: string): { name: string; spanKind: string }[] {
    const names = this.operationsByService().get(service) ?? new Map();
    return [...names].flatMap(([name, kinds]: [string, Set<string>]) =>
      [...kinds].map(spanKind => ({ name, spanKind })),
    );
  }

  private search(parameters: URLSearchParams): JaegerAnswer {
    const ids = parameters.getAll('traceID');
    if (ids.length > 0) {
      const traces = ids.flatMap(id => {
        const request = requestOfTrace(this.model, id);
        return request ? [buildTrace(request, this.model.plan)] : [];
      });
      return success(traces);
    }
    const search = parseSearch(parameters, this.clock());
    if ('problem' in search) return failure(400, search.problem);
    return success(this.find(search));
  }

  /** Newest first, as Jaeger shows them. */
  private find(search: Search): JaegerTrace[] {
    const found: JaegerTrace[] = [];
    const errorsOnly = search.tags.error === 'true';
    const senders = this.model.plan.senders.map(({ id }) => id);
    const last = Math.floor(Math.min(search.to, this.clock()) / SLOT_MS);
    const first = Math.max(
      Math.ceil(search.from / SLOT_MS),
      last - Math.floor(MAX_SLOTS / Math.max(1, senders.length)),
    );
    for (
      let slot = last;
      slot >= first && found.length < search.limit;
      slot--
    ) {
      for (const sender of senders) {
        const request = sampleRequest(this.model, sender, slot);
        if (!request || request.at > this.clock()) continue;
        if (!mentions(request.root, search.service, errorsOnly)) continue;
        const trace = buildTrace(request, this.model.plan);
        if (fits(trace, search) && found.length < search.limit) {
          found.push(trace);
        }
      }
    }
    return found;
  }
}

function fits(trace: JaegerTrace, search: Search): boolean {
  return trace.spans.some(span => {
    const { serviceName } = trace.processes[span.processID];
    return (
      serviceName === search.service &&
      (search.operation === undefined ||
        search.operation === span.operationName) &&
      span.duration >= search.minMs * 1000 &&
      span.duration <= search.maxMs * 1000 &&
      Object.entries(search.tags).every(([key, value]) =>
        hasTag(span, key, value),
      )
    );
  });
}

function hasTag(span: JaegerSpan, key: string, value: string): boolean {
  return span.tags.some(tag => tag.key === key && String(tag.value) === value);
}

function parseSearch(
  parameters: URLSearchParams,
  now: number,
): Search | { problem: string } {
  const service = parameters.get('service');
  if (!service) return { problem: "parameter 'service' is required" };
  const tags: Record<string, string> = {};
  try {
    const given: unknown = JSON.parse(parameters.get('tags') ?? '{}');
    for (const [key, value] of Object.entries(given as object)) {
      tags[key] = String(value);
    }
  } catch {
    return { problem: "malformed 'tags' parameter, expecting key:value" };
  }
  for (const pair of parameters.getAll('tag')) {
    const colon = pair.indexOf(':');
    if (colon < 0) {
      return { problem: "malformed 'tag' parameter, expecting key:value" };
    }
    tags[pair.slice(0, colon)] = pair.slice(colon + 1);
  }
  const micros = (name: string) =>
    parameters.has(name) ? Number(parameters.get(name)) / 1000 : undefined;
  const duration = (name: string, otherwise: number) =>
    parameters.get(name)
      ? parseDuration(parameters.get(name)!) ?? NaN
      : otherwise;
  const to = micros('end') ?? now;
  const lookback = duration('lookback', HOUR_MS);
  const search: Search = {
    service,
    operation: parameters.get('operation') || undefined,
    tags,
    from: micros('start') ?? to - lookback,
    to,
    limit: Number(parameters.get('limit') ?? 20),
    minMs: duration('minDuration', 0),
    maxMs: duration('maxDuration', Infinity),
  };
  const numbers = [search.from, to, search.limit, search.minMs, search.maxMs];
  if (numbers.some(Number.isNaN) || search.limit < 1 || search.limit > 1500) {
    return {
      problem:
        'start, end (microseconds), limit (1 to 1500), lookback, minDuration and maxDuration (for example 1h) must be numbers and durations',
    };
  }
  return search;
}
