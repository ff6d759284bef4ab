import { isIpAddress } from './ipAddress';

const RFC3339 =
  /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const INT32 = 2 ** 31;

/** Formats that the CRDs use and the API server checks; others are annotations. */
export const FORMATS: Record<string, (value: unknown) => boolean> = {
  'date-time': value =>
    typeof value !== 'string' ||
    (RFC3339.test(value) && !Number.isNaN(Date.parse(value))),
  byte: value => typeof value !== 'string' || BASE64.test(value),
  ipv4: value => typeof value !== 'string' || isIpAddress(value, 'v4'),
  ipv6: value => typeof value !== 'string' || isIpAddress(value, 'v6'),
  int32: value =>
    typeof value !== 'number' || (value >= -INT32 && value < INT32),
};
