import {
  RESILIENCE_WORDS,
  type DecidedBy,
  type ResilienceAnswer,
  type ResilienceSetting,
} from '@istio-backstage/plugin-istio-common';

/** A row of the table: one value of a setting, with everything it holds for. */
export interface ResilienceRow {
  setting: string;
  state: ResilienceSetting['state'];
  value: string;
  detail?: string;
  /** Rules, versions or clusters it holds for; absent: all. */
  scope?: string;
  decidedBy: DecidedBy;
  overruled: ResilienceSetting['overruled'];
}

interface Entry {
  setting: ResilienceSetting;
  label: string;
  cluster: string;
}

/** Values that are the same everywhere are one row; others say what they hold for. */
export function presentResilience(
  items: readonly ResilienceAnswer[],
): ResilienceRow[] {
  const entries = items.flatMap(entriesOf);
  return [
    ...Object.entries(RESILIENCE_WORDS).flatMap(([name, title]) =>
      presentSetting(
        title,
        entries.filter(({ setting }) => setting.setting === name),
      ),
    ),
    ...presentRateLimits(items),
  ];
}

function entriesOf({
  cluster,
  routes,
  destinations,
}: ResilienceAnswer): Entry[] {
  const ports = new Set(destinations.map(({ port }) => port));
  const hosts = new Set(destinations.map(({ host }) => host));
  return [
    ...routes.flatMap(({ name, fieldPath, host, port, settings }) =>
      settings.map(setting => ({
        setting,
        cluster,
        label:
          name ??
          ruleNumber(fieldPath) ??
          `port ${port}${hosts.size > 1 ? ` of ${shortName(host)}` : ''}`,
      })),
    ),
    ...destinations.flatMap(({ host, subset, port, settings }) =>
      settings.map(setting => ({
        setting,
        cluster,
        label: [
          subset ?? (hosts.size > 1 ? shortName(host) : ''),
          ports.size > 1 || !(subset || hosts.size > 1) ? `port ${port}` : '',
        ]
          .filter(Boolean)
          .join(' '),
      })),
    ),
  ];
}

function shortName(host: string): string {
  return host.split('.')[0];
}

function ruleNumber(fieldPath: string | undefined): string | undefined {
  const index = /\[(\d+)\]/.exec(fieldPath ?? '')?.[1];
  return index === undefined ? undefined : `rule ${Number(index) + 1}`;
}

function presentSetting(
  title: string,
  entries: readonly Entry[],
): ResilienceRow[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { text, detail, decidedBy } = entry.setting;
    const key = JSON.stringify([text, detail, withoutCluster(decidedBy)]);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const everywhere = new Set(entries.map(({ cluster }) => cluster));
  return [...groups.values()].map(group => {
    const { setting } = group[0];
    return {
      setting: title,
      state: setting.state,
      value: setting.text,
      ...(setting.detail ? { detail: setting.detail } : {}),
      ...(groups.size > 1 ? { scope: presentScope(group, everywhere) } : {}),
      decidedBy: setting.decidedBy,
      overruled: setting.overruled,
    };
  });
}

function presentScope(
  group: readonly Entry[],
  everywhere: ReadonlySet<string>,
): string {
  const labels = [...new Set(group.map(({ label }) => label))];
  const clusters = [...new Set(group.map(({ cluster }) => cluster))];
  const where =
    clusters.length < everywhere.size ? ` in ${clusters.join(', ')}` : '';
  return `For ${labels.join(', ')}${where}`;
}

/** The same object in several clusters decides the same. */
function withoutCluster(decidedBy: DecidedBy): unknown {
  return decidedBy.by === 'object'
    ? { ...decidedBy, object: { ...decidedBy.object, cluster: '' } }
    : decidedBy;
}

function presentRateLimits(
  items: readonly ResilienceAnswer[],
): ResilienceRow[] {
  if (items.length === 0) return [];
  const unknown = items.filter(({ rateLimitsKnown }) => !rateLimitsKnown);
  const rows = new Map<string, ResilienceRow & { workloads: Set<string> }>();
  for (const limit of items.flatMap(({ rateLimits }) => rateLimits)) {
    const { text, detail, port, decidedBy, workload } = limit;
    const key = JSON.stringify([text, detail, port, withoutCluster(decidedBy)]);
    const row = rows.get(key) ?? {
      setting: 'Rate limit',
      state: 'on' as const,
      value: text,
      ...(detail ? { detail } : {}),
      decidedBy,
      overruled: [],
      workloads: new Set<string>(),
    };
    row.workloads.add(workload);
    row.scope = `For requests to ${[...row.workloads].join(', ')}${
      port ? ` on port ${port}` : ''
    }`;
    rows.set(key, row);
  }
  if (unknown.length > 0) {
    const names = unknown.map(({ cluster }) => cluster).join(', ');
    return [
      ...rows.values(),
      noLimit(
        'unknown',
        'Unknown',
        `EnvoyFilters of ${names} could not be read`,
      ),
    ];
  }
  return rows.size > 0
    ? [...rows.values()]
    : [noLimit('off', 'None', 'no EnvoyFilter changes how requests arrive')];
}

function noLimit(
  state: ResilienceRow['state'],
  value: string,
  note: string,
): ResilienceRow {
  return {
    setting: 'Rate limit',
    state,
    value,
    decidedBy: { by: 'nothing', note },
    overruled: [],
  };
}
