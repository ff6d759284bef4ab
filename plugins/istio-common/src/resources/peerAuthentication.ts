import { fieldsOf, labelsOf, numberOf, textOf } from './fields';
import { memoizeByIdentity } from './memoize';
import { KubeObject } from './types';

/** As written; `UNSET` inherits. */
export type PeerAuthenticationMode =
  | 'UNSET'
  | 'DISABLE'
  | 'PERMISSIVE'
  | 'STRICT';

/** The fields of a PeerAuthentication. */
export interface PeerAuthenticationView {
  /** Undefined: for the whole namespace, or from the root namespace for the whole mesh. */
  selector?: Record<string, string>;
  mode: PeerAuthenticationMode;
  /** By workload port. */
  portModes: ReadonlyMap<number, PeerAuthenticationMode>;
}

/** The fields of a PeerAuthentication; modes as written. */
export const readPeerAuthentication = memoizeByIdentity(
  (object: KubeObject): PeerAuthenticationView => {
    const spec = fieldsOf(object.spec);
    const selector = labelsOf(fieldsOf(spec.selector).matchLabels);
    const portModes = new Map<number, PeerAuthenticationMode>();
    for (const [key, value] of Object.entries(fieldsOf(spec.portLevelMtls))) {
      const port = numberOf(key);
      if (port !== undefined) {
        portModes.set(port, readMode(fieldsOf(value).mode));
      }
    }
    const view: PeerAuthenticationView = {
      mode: readMode(fieldsOf(spec.mtls).mode),
      portModes,
    };
    return Object.keys(selector).length > 0 ? { ...view, selector } : view;
  },
);

/** A mode that is missing or that Istio does not know is UNSET, the zero value of its enum. */
function readMode(value: unknown): PeerAuthenticationMode {
  const mode = textOf(value);
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE'
    ? mode
    : 'UNSET';
}
