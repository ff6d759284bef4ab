import {
  fieldsOf,
  isFields,
  numberOf,
  textOf,
  type Fields,
} from '../../resources/fields';
import { withField } from '../routing/withField';
import type { CircuitBreakerParams } from './schema';

/** What the form says at one place of a DestinationRule. */
export type BreakerSettings = Pick<
  CircuitBreakerParams,
  'connectionPool' | 'ejection'
>;

type Pool = NonNullable<BreakerSettings['connectionPool']>;
type Ejection = NonNullable<BreakerSettings['ejection']>;

const POOL_PARTS: Record<keyof Pool, 'tcp' | 'http'> = {
  maxConnections: 'tcp',
  http1MaxPendingRequests: 'http',
  http2MaxRequests: 'http',
  maxRequestsPerConnection: 'http',
  maxRetries: 'http',
};
const POOL_FIELDS = Object.keys(POOL_PARTS) as (keyof Pool)[];

/** Whether 0 says something of its own; else it is the same as nothing. */
const EJECTION_ZERO: Record<keyof Ejection, boolean> = {
  consecutive5xxErrors: true,
  consecutiveGatewayErrors: true,
  interval: false,
  baseEjectionTime: false,
  maxEjectionPercent: false,
  minHealthPercent: false,
};
const EJECTION_FIELDS = Object.keys(EJECTION_ZERO) as (keyof Ejection)[];

/** Limits and ejection as a traffic policy writes them; fields the form does not know are left out. */
export function readBreaker(policy: Fields): BreakerSettings {
  const pool = readPool(fieldsOf(policy.connectionPool));
  const ejection = isFields(policy.outlierDetection)
    ? readEjection(policy.outlierDetection)
    : undefined;
  return {
    ...(pool && { connectionPool: pool }),
    ...(ejection && { ejection }),
  };
}

function readPool(block: Fields): Pool | undefined {
  const entries = POOL_FIELDS.flatMap(field => {
    const limit = numberOf(fieldsOf(block[POOL_PARTS[field]])[field]) ?? 0;
    return limit > 0 ? [[field, limit] as const] : [];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function readEjection(block: Fields): Ejection {
  return Object.fromEntries(
    EJECTION_FIELDS.flatMap(field => {
      const value = numberOf(block[field]) ?? textOf(block[field]);
      return value === undefined || (value === 0 && !EJECTION_ZERO[field])
        ? []
        : [[field, value]];
    }),
  );
}

/**
 * The policy with these settings. Fields the form does not know stay; a block that is new here begins with
 * what it replaces (`inherited`), because Istio takes a block as a whole.
 */
export function writeBreaker(
  policy: Fields,
  settings: BreakerSettings,
  inherited: Fields = {},
): Fields {
  const pool = writePool(
    blockOf('connectionPool', policy, settings.connectionPool && inherited),
    settings.connectionPool,
  );
  const ejection = writeEjection(
    blockOf('outlierDetection', policy, settings.ejection && inherited),
    settings.ejection,
  );
  return withField(
    withField(policy, 'connectionPool', pool),
    'outlierDetection',
    ejection,
  );
}

/** Fields beside the form's own that would go with a block; their names. */
export function unknownEjectionFields(policy: Fields): string[] {
  return Object.keys(fieldsOf(policy.outlierDetection)).filter(
    field => !Object.hasOwn(EJECTION_ZERO, field),
  );
}

function blockOf(
  name: 'connectionPool' | 'outlierDetection',
  policy: Fields,
  inherited: Fields | undefined,
): Fields {
  return fieldsOf(policy[name] ?? inherited?.[name]);
}

function writePool(block: Fields, pool: Pool | undefined): Fields | undefined {
  const written = POOL_FIELDS.reduce<Fields>((parts, field) => {
    const part = POOL_PARTS[field];
    const present = fieldsOf(parts[part]);
    const next = withValue(present, field, pool?.[field]);
    return next === present
      ? parts
      : withField(parts, part, Object.keys(next).length > 0 ? next : undefined);
  }, block);
  return Object.keys(written).length > 0 ? written : undefined;
}

function writeEjection(
  block: Fields,
  ejection: Ejection | undefined,
): Fields | undefined {
  return ejection
    ? EJECTION_FIELDS.reduce<Fields>(
        (fields, field) => withValue(fields, field, ejection[field]),
        block,
      )
    : undefined;
}

/** A number that means nothing stays where nothing is asked for. */
function withValue(
  fields: Fields,
  name: string,
  value: number | string | undefined,
): Fields {
  const meansNothing =
    numberOf(fields[name]) === 0 &&
    (EJECTION_ZERO as Record<string, boolean>)[name] !== true;
  return value === undefined && meansNothing
    ? fields
    : withField(fields, name, value);
}
