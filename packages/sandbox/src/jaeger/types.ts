import type { Edge, RoutedEdge } from '../traffic/routing/types';
import type { Outcome } from '../traffic/flows/types';

/** One call inside a trace. Times in milliseconds, `start` from the start of the trace. */
export interface Hop {
  edge: Edge;
  routed: RoutedEdge;
  outcome: Outcome;
  start: number;
  duration: number;
  children: Hop[];
}

/** A sampled request from its sender on. */
export interface SampledRequest {
  traceId: string;
  /** Epoch milliseconds. */
  at: number;
  root: Hop;
}

export interface JaegerTag {
  key: string;
  type: 'string' | 'bool' | 'int64';
  value: string | number | boolean;
}

export interface JaegerSpan {
  traceID: string;
  spanID: string;
  flags: number;
  operationName: string;
  references: { refType: 'CHILD_OF'; traceID: string; spanID: string }[];
  /** Microseconds. */
  startTime: number;
  duration: number;
  tags: JaegerTag[];
  logs: unknown[];
  processID: string;
  warnings: null;
}

/** A trace as Jaeger's query API answers it. */
export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, { serviceName: string; tags: JaegerTag[] }>;
  warnings: null;
}
