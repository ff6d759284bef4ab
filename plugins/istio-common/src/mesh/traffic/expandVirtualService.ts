import {
  Fields,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
} from '../../resources/fields';
import { resolveGatewayName } from '../../resources/gateway';
import { isExportedTo, resolveHost } from '../../resources/host';
import { namespacedName } from '../../resources/objectKey';
import { KubeObject } from '../../resources/types';
import {
  readVirtualService,
  VirtualServiceRule,
} from '../../resources/virtualService';
import { MeshSnapshot } from '../../snapshot/types';
import { mergeDelegateMatches } from './mergeDelegateMatches';
import { readVirtualServiceMatch, RouteMatch } from './routeMatch';
import { resolveShares } from './resolveShares';
import { RuleEntry } from './ruleEntry';

/**
 * The rules of a VirtualService in the order Istio evaluates them, delegates put in their place.
 *
 * Source: istio/istio pilot/pkg/model virtualservice.go mergeVirtualServicesIfNeeded (1.31).
 */
export function expandVirtualService(
  snapshot: MeshSnapshot,
  object: KubeObject,
): RuleEntry[] {
  const namespace = object.metadata.namespace ?? '';
  const { gateways, rules } = readVirtualService(object);
  const qualified = gateways.map(name => resolveGatewayName(name, namespace));
  return rules.flatMap(rule => {
    const entry = readEntry({ snapshot, object, rule, gateways: qualified });
    return rule.delegate
      ? [entry, ...expandDelegate({ snapshot, object, rule, root: entry })]
      : [entry];
  });
}

function readEntry(options: {
  snapshot: MeshSnapshot;
  object: KubeObject;
  rule: VirtualServiceRule;
  gateways: string[];
}): RuleEntry {
  const { snapshot, object, rule, gateways } = options;
  const namespace = object.metadata.namespace ?? '';
  const matches = rule.matches.map(fields =>
    readVirtualServiceMatch(fields, name =>
      resolveGatewayName(name, namespace),
    ),
  );
  const shares = resolveShares(
    rule.destinations.map(({ weight }) => weight),
    'istio',
  );
  const entry: RuleEntry = {
    object,
    fieldPath: rule.fieldPath,
    protocol: rule.protocol,
    matches,
    gateways: narrowGateways(gateways, matches),
    ...actionOf(rule),
    destinations: rule.destinations.map((destination, index) => ({
      ...destination,
      host: resolveHost(destination.host, {
        namespace,
        domain: snapshot.domain,
      }),
      share: shares[index],
    })),
    fields: rule.fields,
  };
  return rule.name === undefined ? entry : { ...entry, name: rule.name };
}

/** Matches may each narrow the gateways; the rule is in force on all that any of them leaves. */
function narrowGateways(
  gateways: string[],
  matches: readonly RouteMatch[],
): string[] {
  if (
    matches.length === 0 ||
    matches.some(match => match.gateways === undefined)
  ) {
    return gateways;
  }
  const named = new Set(matches.flatMap(match => match.gateways ?? []));
  return gateways.filter(gateway => named.has(gateway));
}

function actionOf(
  rule: VirtualServiceRule,
): Pick<RuleEntry, 'action' | 'actionText'> {
  const { redirect, directResponse } = rule.fields;
  if (rule.delegate) {
    return {
      action: 'delegate',
      actionText: `hands over to VirtualService ${namespacedName(
        rule.delegate,
      )}`,
    };
  }
  if (isFields(redirect)) {
    return { action: 'redirect', actionText: describeRedirect(redirect) };
  }
  if (isFields(directResponse)) {
    return {
      action: 'directResponse',
      actionText: `answers ${numberOf(directResponse.status) ?? ''} by itself`,
    };
  }
  return { action: 'route' };
}

function describeRedirect(redirect: Fields): string {
  const target = [
    textOf(redirect.scheme) ? `${redirect.scheme}://` : '',
    textOf(redirect.authority) ?? '',
    textOf(redirect.uri) ?? '',
  ].join('');
  return `redirects to ${target || 'another address'} (${
    numberOf(redirect.redirectCode) ?? 301
  })`;
}

/** A delegate without hosts whose object exists and is exported to the root's namespace; else the rule is dropped. */
function expandDelegate(options: {
  snapshot: MeshSnapshot;
  object: KubeObject;
  rule: VirtualServiceRule;
  root: RuleEntry;
}): RuleEntry[] {
  const { snapshot, object, rule, root } = options;
  const rootNamespace = object.metadata.namespace ?? '';
  const { name = '', namespace = rootNamespace } = rule.delegate ?? {};
  const delegate = snapshot.get('VirtualService', namespace, name);
  const why = whyNoDelegate(delegate, rootNamespace);
  if (!delegate || why) {
    root.dropped = why;
    root.actionText = `${root.actionText}, ${why}: the rule is dropped`;
    return [];
  }
  return readVirtualService(delegate).rules.flatMap(inner => {
    // Istio goes one level down only: a delegate's own delegates are not followed.
    if (inner.protocol !== 'http' || inner.delegate) {
      return [];
    }
    const entry = readEntry({
      snapshot,
      object: delegate,
      rule: inner,
      gateways: root.gateways,
    });
    const matches = mergeDelegateMatches(root.matches, entry.matches);
    const names = [root.name, entry.name].filter(text => text !== undefined);
    const merged: RuleEntry = {
      ...entry,
      gateways: root.gateways,
      matches: matches ?? entry.matches,
      ...(names.length > 0 ? { name: names.join('-') } : {}),
      fields: fillGaps(entry.fields, root.fields),
    };
    return matches
      ? [merged]
      : [
          {
            ...merged,
            dropped: `its conditions contradict those of ${
              root.fieldPath
            } of ${namespacedName(object.metadata)}`,
          },
        ];
  });
}

function whyNoDelegate(
  delegate: KubeObject | undefined,
  rootNamespace: string,
): string | undefined {
  if (!delegate) {
    return 'which does not exist';
  }
  const { hosts, exportTo } = readVirtualService(delegate);
  if (hosts.length > 0) {
    return 'which has hosts of its own and so cannot be a delegate';
  }
  const from = delegate.metadata.namespace ?? '';
  return isExportedTo(exportTo, { from, to: rootNamespace })
    ? undefined
    : 'which is not exported to this namespace';
}

/** The delegate's fields win, the root fills what they leave out. */
function fillGaps(inner: Fields, root: Fields): Fields {
  const {
    match: _match,
    delegate: _delegate,
    name: _name,
    ...rest
  } = fieldsOf(root);
  return { ...rest, ...inner };
}
