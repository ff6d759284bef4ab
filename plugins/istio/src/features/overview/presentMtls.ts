import {
  formatCount,
  formatQuantity,
  formatShare,
} from '@istio-backstage/plugin-istio-common';
import type {
  MtlsMode,
  MtlsResult,
  PlaintextCaller,
} from '@istio-backstage/plugin-istio-common';
import { presentRefName } from '../../components';

const ACCEPTS: Record<MtlsMode, { words: string; term: string }> = {
  STRICT: { words: 'Only encrypted', term: 'STRICT' },
  PERMISSIVE: { words: 'Both', term: 'PERMISSIVE' },
  DISABLE: { words: 'Only plaintext', term: 'DISABLE' },
  OUTSIDE: { words: 'Only plaintext', term: 'no proxy' },
  UNKNOWN: { words: 'Unknown', term: 'policy not readable' },
};

/** What a port accepts, in words, with Istio's own term. */
export function presentMode(mode: MtlsMode): { words: string; term: string } {
  return ACCEPTS[mode];
}

/** Headline of the encryption card. */
export interface EncryptionHeadline {
  /** "83.9 %", undefined when nothing was reported: unknown, not encrypted. */
  share?: string;
  /** "1,720 of 2,050 requests". */
  counts: string;
  /** Text alternative of the bar. */
  label: string;
}

/** Share of encrypted requests (or connections) in words. */
export function presentEncryption(
  observed: MtlsResult['observed'],
): EncryptionHeadline {
  const { total, encrypted, encryptedShare, unit } = observed;
  if (encryptedShare === undefined) {
    return { counts: `No ${unit} reported`, label: '' };
  }
  return {
    share: formatShare(encryptedShare),
    counts: `${formatCount(encrypted)} of ${formatCount(total)} ${unit}`,
    label: `${formatShare(encryptedShare)} encrypted, ${formatShare(
      1 - encryptedShare,
    )} plaintext`,
  };
}

/** A caller without encryption, over all clusters and workloads of one component. */
export interface PlaintextItem {
  key: string;
  name: string;
  entityRef?: string;
  ownerRef?: string;
  namespace?: string;
  /** "230 requests", "12 connections", or both. */
  volume: string;
}

/** Callers without encryption, those that call most first. */
export function presentPlaintextCallers(
  callers: readonly PlaintextCaller[],
): PlaintextItem[] {
  const groups = new Map<string, PlaintextCaller>();
  for (const caller of callers) {
    const key =
      caller.entityRef ?? `${caller.namespace ?? ''}/${caller.workload ?? ''}`;
    const known = groups.get(key);
    groups.set(key, {
      ...caller,
      requests: caller.requests + (known?.requests ?? 0),
      connections: caller.connections + (known?.connections ?? 0),
    });
  }
  return [...groups]
    .sort(
      ([, a], [, b]) =>
        b.requests - a.requests || b.connections - a.connections,
    )
    .map(([key, caller]) => ({
      key,
      name: caller.entityRef
        ? presentRefName(caller.entityRef)
        : caller.workload ?? 'Unknown caller',
      entityRef: caller.entityRef,
      ownerRef: caller.ownerRef,
      namespace: caller.namespace,
      volume: presentVolume(caller),
    }));
}

function presentVolume(caller: PlaintextCaller): string {
  const parts: string[] = [];
  if (caller.requests > 0) {
    parts.push(formatQuantity(caller.requests, 'request'));
  }
  if (caller.connections > 0) {
    parts.push(formatQuantity(caller.connections, 'connection'));
  }
  return parts.join(', ') || 'no requests';
}

/** How the mesh page calls the modes of all ports together. */
export function presentModes(modes: readonly string[]): string {
  const distinct = new Set(modes);
  if (distinct.size === 0) return '';
  if (distinct.has('UNKNOWN')) return 'not known for all ports';
  if (distinct.size === 1) {
    if (distinct.has('STRICT')) return 'strict';
    if (distinct.has('PERMISSIVE')) return 'accepts both';
    if (distinct.has('DISABLE')) return 'only plaintext';
    if (distinct.has('OUTSIDE')) return 'no proxy';
  }
  return 'differs by port';
}
