import type { Sentence } from '@istio-backstage/plugin-istio-common';

/** A verdict opens with its status word and a colon: "Degraded: ", "No requests: ". */
const LEAD = /^([A-Z][a-z]+(?: [a-z]+){0,3}): */;

/**
 * Takes the status word off a verdict. The word says more than the status does where one status
 * covers two cases (no requests at all, or too few to judge).
 */
export function splitLead(sentence: Sentence): {
  lead?: string;
  rest: Sentence;
} {
  const [first, ...others] = sentence;
  const match = first && !first.workload ? LEAD.exec(first.text) : null;
  if (!match) return { rest: sentence };
  const text = first.text.slice(match[0].length);
  return {
    lead: match[1],
    rest: text ? [{ ...first, text }, ...others] : others,
  };
}
