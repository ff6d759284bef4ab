/** The ticket as a link, only where it is an http(s) address: a ticket is user input. */
export function ticketHref(ticket: string): string | undefined {
  if (!/^https?:\/\//i.test(ticket)) return undefined;
  try {
    return new URL(ticket).href;
  } catch {
    return undefined;
  }
}

/** `shiftTraffic` -> `shift traffic`: an intent's name as words. */
export function presentIntentType(intentType: string): string {
  if (intentType === 'abTest') return 'A/B test';
  return intentType.replace(/([A-Z])/g, ' $1').toLowerCase();
}

/** A sentence without its final stop twice: joins parts that may or may not end with one. */
export function sentences(...parts: (string | undefined)[]): string {
  return parts
    .map(part => part?.trim())
    .filter((part): part is string => Boolean(part))
    .map(part => (/[.:;]$/.test(part) ? part : `${part}.`))
    .join(' ');
}
