import {
  Fields,
  fieldsOf,
  isFields,
  textOf,
  textsOf,
} from '../../resources/fields';
import { memoizeByIdentity } from '../../resources/memoize';
import { MeshSnapshot } from '../../snapshot/types';

/** What meshConfig sets for routing. */
export interface MeshDefaults {
  serviceExportTo: string[];
  virtualServiceExportTo: string[];
  destinationRuleExportTo: string[];
  /** `ALLOW_ANY` unless set. */
  outboundMode: string;
  /** meshConfig.defaultHttpRetryPolicy. */
  retries?: Fields;
  /** Part of the memo keys of what depends on these settings. */
  key: string;
}

const read = memoizeByIdentity((config: Fields): MeshDefaults => {
  const exportTo = (name: string) => {
    const value = config[name];
    return Array.isArray(value) ? textsOf(value) : ['*'];
  };
  const defaults = {
    serviceExportTo: exportTo('defaultServiceExportTo'),
    virtualServiceExportTo: exportTo('defaultVirtualServiceExportTo'),
    destinationRuleExportTo: exportTo('defaultDestinationRuleExportTo'),
    outboundMode:
      textOf(fieldsOf(config.outboundTrafficPolicy).mode) ?? 'ALLOW_ANY',
  };
  const key = JSON.stringify(defaults);
  return isFields(config.defaultHttpRetryPolicy)
    ? { ...defaults, key, retries: config.defaultHttpRetryPolicy }
    : { ...defaults, key };
});

const UNREAD: Fields = Object.freeze({});

/** meshConfig's word on routing, Istio's defaults where it says nothing or could not be read. */
export function meshDefaults(snapshot: MeshSnapshot): MeshDefaults {
  return read(snapshot.meshConfig ?? UNREAD);
}
