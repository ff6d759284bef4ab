import {
  formatRate,
  formatShare,
  formatWrittenShare,
} from '@istio-backstage/plugin-istio-common';
import type {
  ComponentSummary,
  Sentence,
} from '@istio-backstage/plugin-istio-common';
import { splitLead } from '../../components';
import type { StatusKind } from '../../components';
import { presentModes } from '../overview/presentMtls';

/** A version's line in the split column. */
export interface SplitLine {
  label: string;
  share: number;
  configured: string;
  observed: string;
}

/** A row of the list of components, ready to show. */
export interface SummaryRow {
  id: string;
  summary: ComponentSummary;
  title: string;
  /** "service, sidecar". */
  kind: string;
  ownerRef?: string;
  namespaces: string;
  clusters: string[];
  staleClusters: string[];
  status: StatusKind;
  /** The verdict's own word, where it says more than the status. */
  statusWord?: string;
  /** The cause without the status word it opens with. */
  cause: Sentence;
  rate: string;
  encrypted: string;
  modes: string;
  split: SplitLine[];
  /** Instead of bars: "one version", "not routed". */
  splitNote?: string;
}

const DATA_PLANES: Record<ComponentSummary['dataPlane'], string> = {
  sidecar: 'sidecar',
  ambient: 'ambient',
  waypoint: 'ambient, waypoint',
  gateway: 'gateway',
  none: 'no proxy',
  mixed: 'mixed data planes',
  unknown: 'data plane unknown',
};

/** Without a proxy there is no health to judge: the mesh does not see the component. */
export function summaryStatus(summary: ComponentSummary): StatusKind {
  return summary.dataPlane === 'none' ? 'outsideMesh' : summary.status;
}

/** The status stands above the cause already, so the cause starts after it, with a capital. */
function startCause(sentence: Sentence): Sentence {
  return sentence.map((part, index) =>
    // Names of workloads stay as they are.
    index === 0 && !part.workload
      ? { ...part, text: capitalize(part.text) }
      : part,
  );
}

function capitalize(text: string): string {
  return text.charAt(0).toLocaleUpperCase('en') + text.slice(1);
}

/** A row of the list of components. */
export function presentSummary(summary: ComponentSummary): SummaryRow {
  const { split, requestsPerSecond, encryptedShare } = summary;
  const several = split.length > 1;
  const status = summaryStatus(summary);
  const { lead, rest } = splitLead(summary.cause);
  return {
    id: summary.entityRef,
    summary,
    title: summary.title,
    kind: [summary.type, DATA_PLANES[summary.dataPlane]]
      .filter(Boolean)
      .join(', '),
    ownerRef: summary.ownerRef,
    namespaces: summary.namespaces.join(', '),
    clusters: summary.clusters.filter(c => !c.stale).map(c => c.name),
    staleClusters: summary.clusters.filter(c => c.stale).map(c => c.name),
    status,
    statusWord: status === 'outsideMesh' ? undefined : lead,
    cause: startCause(rest),
    rate:
      requestsPerSecond === undefined ? 'none' : formatRate(requestsPerSecond),
    encrypted:
      encryptedShare === undefined ? 'Unknown' : formatShare(encryptedShare),
    modes: presentModes(summary.mtlsModes),
    split: several
      ? split.map(({ label, configured, observed }) => ({
          label,
          share: configured,
          configured: formatWrittenShare(configured),
          observed: observed === undefined ? 'none' : formatShare(observed),
        }))
      : [],
    splitNote: several ? undefined : splitNote(split.length),
  };
}

function splitNote(versions: number): string {
  return versions === 1 ? 'one version' : 'not routed';
}

/** A status to filter by, with how many components have it. */
export interface StatusCount {
  status: StatusKind | 'all';
  count: number;
  /** Value of the filter. */
  value?: string;
}

const STATUS_ORDER = [
  'failing',
  'degraded',
  'notReady',
  'healthy',
  'noTraffic',
  'unknown',
  'outsideMesh',
] as const;

/** Pills above the list: all, then each status that occurs, worst first. */
export function presentCounts(
  counts: Readonly<Record<string, number>>,
): StatusCount[] {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    { status: 'all', count: all },
    ...STATUS_ORDER.filter(status => counts[status] > 0).map(status => ({
      status,
      count: counts[status],
      value: status,
    })),
  ];
}
