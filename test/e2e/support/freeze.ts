const DAY_MS = 86_400_000;
const day = (days: number) =>
  new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 16);

/** A week around now. No other journey changes what is in there. */
export const FREEZE = {
  name: 'Sale week',
  timeZone: 'UTC',
  clusters: ['prod-eu', 'prod-us'],
  namespaces: ['storefront'],
  from: day(-3),
  to: day(4),
};
