import {
  Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
} from '../../resources/fields';
import { resolveHost } from '../../resources/host';
import { KubeObject } from '../../resources/types';
import { readHttpMatch, readL4Match } from './readMatch';
import { at, Destination, HttpRule, L4Rule, Origin } from './routeTable';

/** The rules of a VirtualService's `http` as written, hosts qualified. */
export function readHttpRules(object: KubeObject, domain: string): HttpRule[] {
  return fieldsListOf(fieldsOf(object.spec).http).map((fields, index) =>
    readHttpRule(fields, { object, path: `spec.http[${index}]` }, domain),
  );
}

function readHttpRule(
  fields: Fields,
  origin: Origin,
  domain: string,
): HttpRule {
  const rule: HttpRule = {
    ...origin,
    matches: fieldsListOf(fields.match).map((match, index) =>
      readHttpMatch(match, at(origin, `match[${index}]`)),
    ),
    destinations: readDestinations(fields, origin, domain),
    mirrors: readMirrors(fields, origin, domain),
    fields,
    fieldOrigins: {},
  };
  const name = textOf(fields.name);
  return name === undefined ? rule : { ...rule, name };
}

/** The rules of a VirtualService's `tls` or `tcp`. */
export function readL4Rules(
  object: KubeObject,
  options: { list: 'tls' | 'tcp'; domain: string },
): L4Rule[] {
  const { list, domain } = options;
  return fieldsListOf(fieldsOf(object.spec)[list]).map((fields, index) => {
    const origin = { object, path: `spec.${list}[${index}]` };
    return {
      ...origin,
      matches: fieldsListOf(fields.match).map((match, position) =>
        readL4Match(match, at(origin, `match[${position}]`)),
      ),
      destinations: readDestinations(fields, origin, domain),
    };
  });
}

function readDestinations(
  fields: Fields,
  origin: Origin,
  domain: string,
): Destination[] {
  return fieldsListOf(fields.route).map((entry, index) => ({
    ...readDestination(
      fieldsOf(entry.destination),
      at(origin, `route[${index}]`),
      domain,
    ),
    weight: numberOf(entry.weight) ?? 0,
    fields: entry,
  }));
}

function readDestination(
  fields: Fields,
  origin: Origin,
  domain: string,
): Destination {
  const namespace = origin.object.metadata.namespace ?? '';
  const destination: Destination = {
    ...origin,
    host: resolveHost(textOf(fields.host) ?? '', { namespace, domain }),
    weight: 0,
    fields,
  };
  const subset = textOf(fields.subset);
  const port = numberOf(fieldsOf(fields.port).number);
  if (subset !== undefined) {
    destination.subset = subset;
  }
  if (port !== undefined && port !== 0) {
    destination.port = port;
  }
  return destination;
}

/**
 * `mirror` with its percentage, then `mirrors`. A percentage of 0 that is written out mirrors nothing;
 * none at all mirrors everything.
 *
 * Source: istio/istio pilot/pkg/networking/core/route MirrorPercent (1.31).
 */
function readMirrors(
  fields: Fields,
  origin: Origin,
  domain: string,
): HttpRule['mirrors'] {
  const single = isFields(fields.mirror)
    ? [
        {
          ...readDestination(fields.mirror, at(origin, 'mirror'), domain),
          percent: singleMirrorPercent(fields),
        },
      ]
    : [];
  const list = fieldsListOf(fields.mirrors).flatMap((entry, index) =>
    isFields(entry.destination)
      ? [
          {
            ...readDestination(
              entry.destination,
              at(origin, `mirrors[${index}]`),
              domain,
            ),
            percent: percentOf(entry.percentage) ?? 100,
          },
        ]
      : [],
  );
  return [...single, ...list].filter(({ percent }) => percent > 0);
}

function singleMirrorPercent(fields: Fields): number {
  return (
    percentOf(fields.mirrorPercentage) ??
    numberOf(fields.mirrorPercent) ??
    numberOf(fields.mirror_percent) ??
    100
  );
}

/** Istio's Percent; one that is there without a value is 0. */
export function percentOf(value: unknown): number | undefined {
  return isFields(value) ? numberOf(value.value) ?? 0 : undefined;
}
