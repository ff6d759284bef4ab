import {
  fieldsListOf,
  fieldsOf,
  isFields,
  type Fields,
} from '../../resources/fields';
import { resolveHost, serviceHost, serviceOfHost } from '../../resources/host';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import { readVirtualService } from '../../resources/virtualService';
import type { CompileProblem } from '../types';

/** One weighted target of a rule. */
export interface RuleDestination {
  key: string;
  /** Fully qualified. */
  host: string;
  /** As written. */
  weight: number | undefined;
}

/** A rule with destinations, of whichever kind of route. */
export interface RouteRule {
  section: string;
  index: number;
  /** Field of the rule that lists the destinations. */
  list: 'route' | 'backendRefs';
  rule: Fields;
  entries: readonly Fields[];
  destinations: RuleDestination[];
  /** Weights as they count: what omission means, and a lone destination's 100, filled in. */
  counted: number[];
  /** What an omitted weight counts among several. */
  omitted: 0 | 1;
}

interface RuleSource {
  object: KubeObject;
  fieldPath: string;
  domain: string;
}

/** Reads a rule that sends to destinations, or says why it cannot be shifted. */
export function readRouteRule(source: RuleSource): RouteRule | CompileProblem {
  const { object, fieldPath } = source;
  const isRoute = object.kind !== 'VirtualService';
  const [, section, index] = /^(\w+)\[(\d+)\]$/.exec(fieldPath) ?? [];
  const sections = isRoute ? ['rules'] : ['http', 'tcp', 'tls'];
  if (!section || !sections.includes(section)) {
    return refuse(
      `must be a rule of ${describeObject(object)}: ${sections
        .map(name => `${name}[…]`)
        .join(', ')}`,
    );
  }
  const rules = fieldsListOf(fieldsOf(object.spec)[section]);
  const rule = rules[Number(index)];
  if (!rule) {
    return refuse(
      `${describeObject(object)} has no ${fieldPath}; it has ${
        rules.length === 0
          ? `no ${section} rules`
          : `${section}[0] to ${section}[${rules.length - 1}]`
      }`,
    );
  }
  const obstacle = findObstacle(rule, isRoute);
  if (obstacle) {
    return refuse(
      `${fieldPath} of ${describeObject(
        object,
      )} ${obstacle}; only a rule that sends to destinations can be edited here`,
    );
  }
  return buildRule({ source, section, index: Number(index), rule });
}

export function isProblem(
  result: RouteRule | CompileProblem,
): result is CompileProblem {
  return 'field' in result;
}

function refuse(message: string): CompileProblem {
  return { field: 'route.fieldPath', message };
}

/** Why the rule has no destinations to shift between; in words after the rule's name. */
function findObstacle(rule: Fields, isRoute: boolean): string | undefined {
  if (isRoute) {
    const redirects = fieldsListOf(rule.filters).some(
      filter => filter.type === 'RequestRedirect',
    );
    if (redirects) {
      return 'is a redirect';
    }
    return fieldsListOf(rule.backendRefs).length === 0
      ? 'has no backendRefs'
      : undefined;
  }
  if (isFields(rule.redirect)) {
    return 'is a redirect';
  }
  if (isFields(rule.delegate)) {
    const { namespace, name } = fieldsOf(rule.delegate);
    const target = [namespace, name].filter(Boolean).join('/');
    return `hands over to VirtualService ${target}`;
  }
  if (isFields(rule.directResponse)) {
    return 'answers by itself';
  }
  return fieldsListOf(rule.route).length === 0
    ? 'has no destinations'
    : undefined;
}

function buildRule(options: {
  source: RuleSource;
  section: string;
  index: number;
  rule: Fields;
}): RouteRule | CompileProblem {
  const { source, section, index, rule } = options;
  const isRoute = section === 'rules';
  const destinations = isRoute
    ? readBackends(source)
    : readDestinations(source);
  const keys = destinations.map(({ key }) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) {
    return refuse(
      `${source.fieldPath} of ${describeObject(
        source.object,
      )} names ${twice} twice; this form cannot tell the two apart`,
    );
  }
  const list = isRoute ? 'backendRefs' : 'route';
  const omitted = isRoute ? 1 : 0;
  const lone = !isRoute && destinations.length === 1;
  return {
    section,
    index,
    list,
    rule,
    entries: fieldsListOf(rule[list]),
    destinations,
    omitted,
    counted: destinations.map(({ weight }) =>
      lone ? 100 : Math.max(0, weight ?? omitted),
    ),
  };
}

function readDestinations(source: RuleSource): RuleDestination[] {
  const { object, fieldPath, domain } = source;
  const rule = readVirtualService(object).rules.find(
    each => each.fieldPath === fieldPath,
  );
  return (rule?.destinations ?? []).map(({ host: written, subset, weight }) => {
    const host = resolveHost(written, {
      namespace: object.metadata.namespace ?? '',
      domain,
    });
    return {
      key: subset ?? serviceOfHost(host, domain)?.name ?? host,
      host,
      weight,
    };
  });
}

function readBackends(source: RuleSource): RuleDestination[] {
  const { object, fieldPath, domain } = source;
  const rule = readGatewayApiRoute(object).rules.find(
    each => each.fieldPath === fieldPath,
  );
  return (rule?.backends ?? []).map(({ namespace, name, weight }) => ({
    key: name,
    host: serviceHost({ namespace, name }, domain),
    weight,
  }));
}

/** The object with another rule in its place; the very same object where the rule is. */
export function withRule(
  object: KubeObject,
  { section, index, rule }: RouteRule,
  next: Fields,
): KubeObject {
  if (next === rule) {
    return object;
  }
  const rules = fieldsOf(object.spec)[section] as readonly unknown[];
  return {
    ...object,
    spec: {
      ...object.spec,
      [section]: rules.map((item, at) => (at === index ? next : item)),
    },
  };
}

/** The object with other entries in the rule; everything else is the very same. */
export function withEntries(
  object: KubeObject,
  rule: RouteRule,
  entries: readonly Fields[],
): KubeObject {
  return withRule(object, rule, { ...rule.rule, [rule.list]: entries });
}
