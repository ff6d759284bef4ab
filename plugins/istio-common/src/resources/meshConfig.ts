import {
  Fields,
  fieldsListOf,
  fieldsOf,
  textOf,
  textsOf,
  numberOf,
  isFields,
} from './fields';
import { memoizeByIdentity } from './memoize';

/** An external authorization service that CUSTOM policies name. */
export interface AuthorizationProvider {
  name: string;
  /** An HTTP provider cannot judge TCP connections. */
  protocol: 'http' | 'grpc';
  /** `[namespace/]host` of the service. */
  service: string;
  port?: number;
}

/** The settings of meshConfig that encryption and authorization depend on. */
export interface MeshSecurity {
  /** Its own trust domain first, then its aliases. */
  trustDomains: readonly string[];
  autoMtls: boolean;
  /** Undefined where meshConfig was not read. */
  providers?: readonly AuthorizationProvider[];
}

const read = memoizeByIdentity((config: Fields): MeshSecurity => {
  const autoMtls = config.enableAutoMtls;
  return {
    trustDomains: [
      textOf(config.trustDomain) ?? 'cluster.local',
      ...textsOf(config.trustDomainAliases),
    ],
    autoMtls: autoMtls !== false && fieldsOf(autoMtls).value !== false,
    providers: fieldsListOf(config.extensionProviders).flatMap(readProvider),
  };
});

const { providers: _unread, ...DEFAULTS } = read({});

/** Istio's defaults where meshConfig sets nothing, or was not read. */
export function readMeshSecurity(config: Fields | undefined): MeshSecurity {
  return config ? read(config) : DEFAULTS;
}

function readProvider(fields: Fields): AuthorizationProvider[] {
  const protocol = isFields(fields.envoyExtAuthzGrpc) ? 'grpc' : 'http';
  const settings = fields.envoyExtAuthzGrpc ?? fields.envoyExtAuthzHttp;
  const name = textOf(fields.name);
  if (!name || !isFields(settings)) {
    return [];
  }
  const provider: AuthorizationProvider = {
    name,
    protocol,
    service: textOf(settings.service) ?? '',
  };
  const port = numberOf(settings.port);
  return [port === undefined ? provider : { ...provider, port }];
}
