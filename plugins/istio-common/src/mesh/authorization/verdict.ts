/** True, false, or the facts without which it cannot be said. */
export type Verdict = boolean | Unknown;

export interface Unknown {
  missing: readonly string[];
}

/** One fact is missing. */
export function missing(fact: string): Unknown {
  return { missing: [fact] };
}

/** All must hold: one that does not settles it, whatever is missing elsewhere. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) {
    return false;
  }
  return unknownOf(verdicts) ?? true;
}

/** One that holds settles it; none of an empty list does. */
export function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(true)) {
    return true;
  }
  return unknownOf(verdicts) ?? false;
}

/** The opposite; what is missing stays missing. */
export function not(verdict: Verdict): Verdict {
  return typeof verdict === 'boolean' ? !verdict : verdict;
}

function unknownOf(verdicts: readonly Verdict[]): Unknown | undefined {
  const facts = verdicts.flatMap(verdict =>
    typeof verdict === 'boolean' ? [] : verdict.missing,
  );
  return facts.length > 0 ? { missing: [...new Set(facts)] } : undefined;
}
