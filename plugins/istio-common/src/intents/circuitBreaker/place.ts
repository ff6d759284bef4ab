import {
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
  type Fields,
} from '../../resources/fields';
import { withField } from '../routing/withField';

/** Where in a DestinationRule the settings stand. */
export interface BreakerPlace {
  subset?: string;
  port?: number;
}

/** Blocks that a port's settings replace as a whole. Source: istio/istio MergeTrafficPolicy. */
const PORT_BLOCKS = [
  'loadBalancer',
  'connectionPool',
  'outlierDetection',
  'tls',
];

/** Today's policy at a place: its own fields, and what counts there while it says nothing. */
export interface PlacedPolicy {
  policy: Fields;
  /** The policy whose blocks hold here unless this one sets them. */
  inherited: Fields;
  exists: boolean;
}

/** The policy at a place of the rule; undefined where the rule does not define the subset. */
export function readPlace(
  spec: Fields,
  { subset, port }: BreakerPlace,
): PlacedPolicy | undefined {
  const wide = fieldsOf(spec.trafficPolicy);
  const owner =
    subset === undefined
      ? spec
      : fieldsListOf(spec.subsets).find(({ name }) => name === subset);
  if (!owner) {
    return undefined;
  }
  const own = fieldsOf(owner.trafficPolicy);
  const above = subset === undefined ? {} : wide;
  if (port === undefined) {
    return {
      policy: own,
      inherited: above,
      exists: isFields(owner.trafficPolicy),
    };
  }
  const entry = findPort(own, port);
  return {
    policy: entry ?? {},
    inherited: { ...above, ...(findPort(wide, port) ?? {}), ...own },
    exists: entry !== undefined,
  };
}

/** The rule's spec with another policy at a place; everything else is the very same. */
export function writePlace(
  spec: Fields,
  place: BreakerPlace,
  policy: Fields,
): Fields {
  const { subset, port } = place;
  const write = (owner: Fields) => {
    const present = fieldsOf(owner.trafficPolicy);
    const next = port === undefined ? policy : withPort(present, port, policy);
    return withField(
      owner,
      'trafficPolicy',
      Object.keys(next).length > 0 ? next : undefined,
    );
  };
  return subset === undefined
    ? write(spec)
    : {
        ...spec,
        subsets: fieldsListOf(spec.subsets).map(each =>
          each.name === subset ? write(each) : each,
        ),
      };
}

/**
 * A port's own settings begin as a copy of what holds for it: Istio takes nothing from above once a port
 * has any.
 */
export function startPort(inherited: Fields): Fields {
  return Object.fromEntries(
    PORT_BLOCKS.flatMap(name =>
      inherited[name] === undefined ? [] : [[name, inherited[name]]],
    ),
  );
}

function findPort(policy: Fields, port: number): Fields | undefined {
  return fieldsListOf(policy.portLevelSettings).find(
    entry => numberOf(fieldsOf(entry.port).number) === port,
  );
}

function withPort(policy: Fields, port: number, settings: Fields): Fields {
  const entries = fieldsListOf(policy.portLevelSettings);
  const present = findPort(policy, port);
  const says = PORT_BLOCKS.some(name => settings[name] !== undefined);
  const entry = { ...settings, port: present?.port ?? { number: port } };
  const replaced: Fields[] = says ? [entry] : [];
  const kept = entries.flatMap(each => (each === present ? replaced : [each]));
  const next = present || !says ? kept : [...kept, entry];
  return withField(
    policy,
    'portLevelSettings',
    next.length > 0 ? next : undefined,
  );
}
