import { z } from 'zod';

const ADDRESSES = {
  any: z.string().ip(),
  v4: z.string().ip({ version: 'v4' }),
  v6: z.string().ip({ version: 'v6' }),
};

/** Whether the text is one address, without a zone and without leading zeros. */
export function isIpAddress(
  text: string,
  version: keyof typeof ADDRESSES = 'any',
): boolean {
  return ADDRESSES[version].safeParse(text).success;
}
