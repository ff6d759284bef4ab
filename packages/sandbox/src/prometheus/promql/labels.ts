import { GridSeries, Labels, PromqlExecutionError } from './types';

/** Identity of a label set, independent of the order of its names. */
export function labelsKey(labels: Labels): string {
  let key = '';
  for (const name of Object.keys(labels).sort()) {
    if (labels[name] !== '') key += `${name}\u0000${labels[name]}\u0001`;
  }
  return key;
}

export function withoutName(labels: Labels): Labels {
  if (labels.__name__ === undefined) return labels;
  const { __name__: _, ...rest } = labels;
  return rest;
}

export function pickLabels(labels: Labels, names: readonly string[]): Labels {
  const picked: Record<string, string> = {};
  for (const name of names) if (labels[name]) picked[name] = labels[name];
  return picked;
}

/** Without the given labels and without the metric's name. */
export function dropLabels(labels: Labels, names: readonly string[]): Labels {
  const rest: Record<string, string> = { ...labels };
  delete rest.__name__;
  for (const name of names) delete rest[name];
  return rest;
}

/** Names and keys of a group of series under `by`/`on` or `without`/`ignoring`. */
export function groupingOf(grouping: {
  without: boolean;
  labels: readonly string[];
}): { key(labels: Labels): string; pick(labels: Labels): Labels } {
  const { without, labels: names } = grouping;
  if (without) {
    const pick = (labels: Labels) => dropLabels(labels, names);
    return { pick, key: labels => labelsKey(pick(labels)) };
  }
  return {
    pick: labels => pickLabels(labels, names),
    key: labels => {
      let key = '';
      for (const name of names) key += `${labels[name] ?? ''}\u0001`;
      return key;
    },
  };
}

/** @throws PromqlExecutionError in Prometheus' words when two series of a result are the same at a step. */
export function refuseDuplicates(series: GridSeries[]): GridSeries[] {
  const seen = new Map<string, GridSeries[]>();
  for (const one of series) {
    const key = labelsKey(one.labels);
    const others = seen.get(key);
    if (!others) {
      seen.set(key, [one]);
      continue;
    }
    for (const other of others) {
      if (one.present.some((here, step) => here && other.present[step])) {
        throw new PromqlExecutionError(
          'vector cannot contain metrics with the same labelset',
        );
      }
    }
    others.push(one);
  }
  return mergeSplit(seen);
}

/** Parts of one label set that exist at different steps become one series. */
function mergeSplit(groups: Map<string, GridSeries[]>): GridSeries[] {
  return [...groups.values()].map(parts => {
    if (parts.length === 1) return parts[0];
    const values = Float64Array.from(parts[0].values);
    const present = Uint8Array.from(parts[0].present);
    for (const part of parts.slice(1)) {
      part.present.forEach((here, step) => {
        if (!here) return;
        values[step] = part.values[step];
        present[step] = 1;
      });
    }
    return { labels: parts[0].labels, values, present };
  });
}
