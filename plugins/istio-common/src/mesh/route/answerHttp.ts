import { Fields, fieldsOf, isFields } from '../../resources/fields';
import { DecidedBy } from '../../resources/types';
import { decidedByOrigin, decidedBySubset, emptyAnswer } from './answers';
import {
  readDirectResponse,
  readFault,
  readRedirect,
  readRetries,
  readRewrite,
  readTimeout,
} from './httpAction';
import { ProxyView } from './proxyView';
import { at, Destination, HttpRule, Origin } from './routeTable';
import { MeshService } from './serviceModel';
import { ProxyRoute } from './tableRoutes';
import { clusterOf, describeTarget, sharesOf } from './targets';
import { RouteAnswer } from './types';

/** Where a rule is applied. */
export interface HttpPlace {
  view: ProxyView;
  /** Port that routes are built for: the Service's, or the server's. */
  port: number;
  scheme: 'http' | 'https';
  /** The service whose ports a destination's omitted port is taken from. */
  serviceOf(host: string): MeshService | undefined;
}

/** What a rule does with a request that it takes. */
export function answerHttp(place: HttpPlace, route: ProxyRoute): RouteAnswer {
  const { view, port, scheme } = place;
  const { rule, match } = route;
  const { fields } = rule;
  const base: Partial<RouteAnswer> = {
    matched: true,
    rule: {
      object: view.snapshot.refOf(rule.object),
      path: rule.path,
      ...(match ? { match: match.path } : {}),
      ...(rule.name === undefined ? {} : { name: rule.name }),
    },
    decidedBy: [decidedByOrigin(view.snapshot, match ?? rule)],
    ...faultOf(rule),
  };
  if (isFields(fields.redirect)) {
    return redirect(place, rule, base, fields.redirect, { port, scheme });
  }
  if (isFields(fields.directResponse)) {
    return emptyAnswer('directResponse', {
      ...base,
      directResponse: readDirectResponse(fields.directResponse),
      decidedBy: [
        ...(base.decidedBy ?? []),
        decidedByOrigin(view.snapshot, originOf(rule, 'directResponse')),
      ],
    });
  }
  return forward(place, rule, base);
}

function faultOf(rule: HttpRule): Pick<RouteAnswer, 'fault'> {
  const fault = readFault(rule.fields.fault);
  return fault ? { fault } : {};
}

/** Where a field of a rule was written. */
export function originOf(rule: HttpRule, field: string): Origin {
  return rule.fieldOrigins[field] ?? at(rule, field);
}

function redirect(
  place: HttpPlace,
  rule: HttpRule,
  base: Partial<RouteAnswer>,
  fields: Fields,
  request: { port: number; scheme: 'http' | 'https' },
): RouteAnswer {
  const target = readRedirect(fields, request);
  const decidedBy = [
    ...(base.decidedBy ?? []),
    decidedByOrigin(place.view.snapshot, originOf(rule, 'redirect')),
  ];
  return target
    ? emptyAnswer('redirect', { ...base, redirect: target, decidedBy })
    : emptyAnswer('noRoute', {
        ...base,
        decidedBy,
        reason:
          'The rule redirects with a status code that Istio does not support.',
      });
}

function forward(
  place: HttpPlace,
  rule: HttpRule,
  base: Partial<RouteAnswer>,
): RouteAnswer {
  const { view } = place;
  const { snapshot } = view;
  const shares = sharesOf(rule.destinations);
  if (shares.length === 0) {
    return emptyAnswer('noRoute', {
      ...base,
      reason: 'The rule has no destination with a weight.',
    });
  }
  const decidedBy: DecidedBy[] = [...(base.decidedBy ?? [])];
  const destinations = shares.map(({ entry, percent }) => {
    const { target, rule: defined } = targetOf(place, entry, percent);
    decidedBy.push(...decidedBySubset(snapshot, target, defined));
    return target;
  });
  const settings = readSettings(place, rule, decidedBy);
  return emptyAnswer('routed', {
    ...base,
    destinations,
    ...settings,
    ...mirrorsOf(place, rule),
    decidedBy,
  });
}

function targetOf(
  place: HttpPlace,
  destination: Destination,
  percent: number,
): ReturnType<typeof describeTarget> {
  const cluster = clusterOf(
    destination,
    place.serviceOf(destination.host),
    place.port,
  );
  return describeTarget(place.view, cluster, percent);
}

function readSettings(
  place: HttpPlace,
  rule: HttpRule,
  decidedBy: DecidedBy[],
): Partial<RouteAnswer> {
  const { snapshot } = place.view;
  const timeout = readTimeout(rule);
  const rewrite = readRewrite(rule);
  const { retries, by } = retriesOf(place.view, rule);
  if (timeout !== undefined) {
    decidedBy.push(decidedByOrigin(snapshot, originOf(rule, 'timeout')));
  }
  decidedBy.push(by);
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(retries ? { retries } : {}),
    ...(rewrite ? { rewrite } : {}),
  };
}

/** Retries of a rule, or what counts where it says nothing. */
export function retriesOf(
  view: ProxyView,
  rule: HttpRule,
): { retries: RouteAnswer['retries']; by: DecidedBy } {
  const { snapshot } = view;
  return isFields(rule.fields.retries)
    ? {
        retries: readRetries(rule.fields.retries),
        by: decidedByOrigin(snapshot, originOf(rule, 'retries')),
      }
    : defaultRetries(view);
}

/** Retries where no rule says anything. */
export function defaultRetries(view: ProxyView): {
  retries: RouteAnswer['retries'];
  by: DecidedBy;
} {
  const { retries } = view.defaults;
  return {
    retries: readRetries(retries && fieldsOf(retries)),
    by: retries
      ? { by: 'meshConfig', fieldPath: 'defaultHttpRetryPolicy' }
      : { by: 'istioDefault', note: '2 retries; no timeout' },
  };
}

function mirrorsOf(
  place: HttpPlace,
  rule: HttpRule,
): Pick<RouteAnswer, 'mirror' | 'mirrors'> {
  const mirrors = rule.mirrors.map(
    mirror => targetOf(place, mirror, mirror.percent).target,
  );
  const [mirror] = mirrors;
  if (!mirror) {
    return {};
  }
  return mirrors.length > 1 ? { mirror, mirrors } : { mirror };
}
