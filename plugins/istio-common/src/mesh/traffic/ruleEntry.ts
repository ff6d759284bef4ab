import { Fields } from '../../resources/fields';
import { KubeObject } from '../../resources/types';
import { RouteMatch } from './routeMatch';
import { TrafficRoute } from './types';

/** A destination of a rule, host fully qualified. */
export interface EntryDestination {
  host: string;
  /** Namespace and name where it is a Service in Kubernetes' sense. */
  subset?: string;
  port?: number;
  weight?: number;
  /** 0..1 */
  share: number;
  fields: Fields;
}

/** One rule as Istio evaluates it, of whichever kind of object, before it is put into words. */
export interface RuleEntry {
  object: KubeObject;
  fieldPath: string;
  name?: string;
  protocol: TrafficRoute['protocol'];
  matches: RouteMatch[];
  /** Gateways the rule is in force on: `mesh` or `namespace/name`. */
  gateways: string[];
  action: TrafficRoute['action'];
  actionText?: string;
  destinations: EntryDestination[];
  /** The rule as written, for the settings it carries. */
  fields: Fields;
  /** The object drops this rule whatever comes. */
  dropped?: string;
}
