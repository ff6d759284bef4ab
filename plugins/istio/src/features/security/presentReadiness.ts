import {
  formatDuration,
  formatList,
  formatQuantity,
} from '@istio-backstage/plugin-istio-common';
import type {
  BreakingCaller,
  DecidedBy,
  StrictReadiness,
  StrictVerdict,
} from '@istio-backstage/plugin-istio-common';
import type { StatusKind } from '../../components';
import { presentRate } from './presentRate';

const LOOKS: Record<StrictVerdict, StatusKind> = {
  ready: 'pass',
  strict: 'pass',
  notReady: 'notReady',
  notEnoughTraffic: 'notEnough',
  unknown: 'unknown',
  outside: 'outsideMesh',
};

/** How a verdict looks; only what is proven is green. */
export function verdictLook(verdict: StrictVerdict): StatusKind {
  return LOOKS[verdict] ?? 'unknown';
}

/** The verdict, which is the first sentence, and the evidence after it. */
export function splitVerdict(sentence: string): { lead: string; rest: string } {
  const [, lead = sentence, rest = ''] =
    /^(.*?)\.(?:\s+(.*))?$/.exec(sentence) ?? [];
  return { lead, rest };
}

/** A caller that would break, over all clusters. */
export interface BreakItem {
  key: string;
  name: string;
  namespace?: string;
  entityRef?: string;
  ownerRef?: string;
  clusters: string[];
  /** "230 requests, 0.8 per second". */
  volume: string;
  lastSeen: string;
  why: string;
  fix: string;
  /** When it would not break after all. */
  unless?: string;
  decidedBy: DecidedBy[];
}

/** Callers that would break, most calls first; one entry for all clusters. */
export function presentBreaks(
  breaks: readonly BreakingCaller[],
  windows: { evidence: number; recent?: number },
): BreakItem[] {
  const groups = new Map<string, BreakingCaller[]>();
  for (const caller of breaks) {
    const key = `${caller.namespace ?? ''}/${caller.workload ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), caller]);
  }
  return [...groups]
    .map(([key, callers]) => ({ key, callers, calls: callsOf(callers) }))
    .sort((a, b) => b.calls - a.calls)
    .map(({ key, callers }) => presentBreak(key, callers, windows));
}

function callsOf(callers: readonly BreakingCaller[]): number {
  return callers.reduce(
    (sum, { requests, connections }) => sum + requests + connections,
    0,
  );
}

function presentBreak(
  key: string,
  callers: readonly BreakingCaller[],
  windows: { evidence: number; recent?: number },
): BreakItem {
  const [first] = callers;
  const sum = (of: (caller: BreakingCaller) => number) =>
    callers.reduce((total, caller) => total + of(caller), 0);
  const requests = sum(({ requests: count }) => count);
  const seen = Math.min(
    ...callers.map(({ lastSeenWithinSeconds }) => lastSeenWithinSeconds),
  );
  const ports = [...new Set(callers.flatMap(({ unlessPorts }) => unlessPorts))];
  const { namespace, entityRef, ownerRef } = first;
  return {
    key,
    name: first.workload ?? 'Unknown caller',
    ...(namespace ? { namespace } : {}),
    ...(entityRef ? { entityRef } : {}),
    ...(ownerRef ? { ownerRef } : {}),
    clusters: [...new Set(callers.map(({ cluster }) => cluster))],
    volume: `${
      requests > 0
        ? formatQuantity(requests, 'request')
        : formatQuantity(
            sum(({ connections }) => connections),
            'connection',
          )
    }, ${presentRate(sum(({ perSecond }) => perSecond))}`,
    lastSeen: presentLastSeen(seen, windows),
    why: first.why,
    fix: first.fix,
    ...(ports.length > 0
      ? {
          unless: `Unless it calls port ${formatList(
            ports.map(String),
          )} only, which would stay open: metrics name no port.`,
        }
      : {}),
    decidedBy: first.decidedBy,
  };
}

function presentLastSeen(
  seen: number,
  windows: { evidence: number; recent?: number },
): string {
  const { evidence, recent } = windows;
  return recent !== undefined && seen >= evidence && recent < evidence
    ? `in the last ${formatDuration(
        evidence,
      )}, not in the last ${formatDuration(recent)}`
    : `in the last ${formatDuration(seen)}`;
}

/** Ports that would stay open, one line for those that one thing keeps so. */
export function presentOpenPorts(
  openPorts: StrictReadiness['openPorts'],
): { key: string; ports: string; decidedBy: DecidedBy }[] {
  const groups = new Map<
    string,
    { decidedBy: DecidedBy; names: Set<string> }
  >();
  for (const { namespace, workload, port, mode, decidedBy } of openPorts) {
    const key = decisionKey(decidedBy);
    const group = groups.get(key) ?? { decidedBy, names: new Set<string>() };
    group.names.add(
      `${namespace}/${workload}${port > 0 ? ` port ${port}` : ''} (${mode})`,
    );
    groups.set(key, group);
  }
  return [...groups].map(([key, { decidedBy, names }]) => ({
    key,
    decidedBy,
    ports: [...names].join(', '),
  }));
}

function decisionKey(decidedBy: DecidedBy): string {
  if (decidedBy.by !== 'object') return JSON.stringify(decidedBy);
  const { kind, namespace, name } = decidedBy.object;
  return `${kind}/${namespace}/${name}/${decidedBy.fieldPath}`;
}
