import {
  auditListQuerySchema,
  type AuditListQuery,
} from '@istio-backstage/plugin-istio-common';
import { changeListUrl, readListUrl } from '../../components';

/** Names in the URL of the log; each is a filter of the API too. */
const PARAMS = [
  'search',
  'by',
  'entityRef',
  'object',
  'kind',
  'cluster',
  'result',
  'ticket',
  'from',
  'to',
  'opId',
] as const;

export type AuditParam = (typeof PARAMS)[number] | 'about';

/** Which entries, as the URL says it: those about components unless told. */
export type AuditAbout = 'components' | 'log' | 'all';

/** Filters of the log; `thread` is the operation that is open. */
export interface AuditUrl {
  filters: Partial<Omit<AuditListQuery, 'cursor' | 'limit' | 'scope'>>;
  about: AuditAbout;
  thread?: string;
}

export const PAGE_SIZE = 50;

/** Reads the URL of the log; what the API would refuse is left out. */
export function readAuditUrl(params: URLSearchParams): AuditUrl {
  const filters = readListUrl(params, {
    names: PARAMS,
    fields: auditListQuerySchema.shape,
  });
  const about = params.get('about');
  return {
    filters: Object.fromEntries(
      Object.entries(filters).filter(([, value]) => value),
    ),
    about: about === 'log' || about === 'all' ? about : 'components',
    thread: params.get('thread') ?? undefined,
  };
}

/** The URL with some parameters changed; with other filters the open thread may be none of them. */
export function changeAuditParams(
  params: URLSearchParams,
  change: Partial<Record<AuditParam | 'thread', string | undefined>>,
): URLSearchParams {
  const next = changeListUrl(params, change);
  if (!('thread' in change)) next.delete('thread');
  return next;
}

/** What the API is asked for. */
export function toListQuery({
  filters,
  about,
}: AuditUrl): Partial<AuditListQuery> {
  return {
    ...filters,
    ...(about === 'all' ? {} : { scope: about }),
    limit: PAGE_SIZE,
  };
}

/** Whether more than the period is filtered: an export is a selection then. */
export function isSelection({ filters, about }: AuditUrl): boolean {
  const { from: _from, to: _to, ...others } = filters;
  return about !== 'all' || Object.keys(others).length > 0;
}

/** Whether filters may hide what somebody looks for. */
export function isFiltered({ filters }: AuditUrl): boolean {
  return Object.keys(filters).length > 0;
}

/** The change of the URL that leaves no filter. */
export function withoutFilters({
  filters,
}: AuditUrl): Partial<Record<AuditParam, undefined>> {
  return Object.fromEntries(
    Object.keys(filters).map(name => [name, undefined]),
  );
}

/** `mira.kovac` is a person of the default namespace; a full entity ref stays what it is. */
export function completeRef(
  typed: string,
  kind: 'user' | 'component',
): string | undefined {
  const text = typed.trim().toLowerCase();
  if (text === '' || text === 'system' || text.includes(':')) {
    return text || undefined;
  }
  return text.includes('/') ? `${kind}:${text}` : `${kind}:default/${text}`;
}

/** First moment of a day in UTC, for `2026-07-14`; the moment after its last with `end`. */
export function toMoment(day: string, end: 'from' | 'to'): string | undefined {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) return undefined;
  return new Date(end === 'to' ? at + 86_400_000 : at).toISOString();
}

/** The day that a moment of the URL stands for, as a date field shows it. */
export function toDay(moment: string | undefined, end: 'from' | 'to'): string {
  if (!moment) return '';
  const at = Date.parse(moment) - (end === 'to' ? 1 : 0);
  return new Date(at).toISOString().slice(0, 10);
}
