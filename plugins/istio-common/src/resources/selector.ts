/** Labels, or a selector in matchLabels form. */
export type Labels = Readonly<Record<string, string>>;

/** Whether all terms of the selector hold. An empty selector holds for everything: callers decide what that means. */
export function matchesLabels(
  selector: Labels,
  labels: Labels | undefined,
): boolean {
  for (const key of Object.keys(selector)) {
    if (labels?.[key] !== selector[key]) {
      return false;
    }
  }
  return true;
}

/** Whether the selector has no term. */
export function isEmptySelector(selector: Labels): boolean {
  return Object.keys(selector).length === 0;
}

/** `app=reviews, version=v2`, in the order of the keys. */
export function describeSelector(selector: Labels): string {
  return Object.keys(selector)
    .sort()
    .map(key => `${key}=${selector[key]}`)
    .join(', ');
}

/**
 * Reads a label selector in Kubernetes' text form. Equality terms (`a=b`, `a==b`, `a in (b)`) can be
 * kept; a term this product cannot hold is reported instead of dropped, since a dropped term would
 * select more than was asked for.
 */
export function parseLabelSelector(text: string): {
  selector: Record<string, string>;
  unsupported: string[];
} {
  const selector: Record<string, string> = {};
  const unsupported: string[] = [];
  for (const term of splitTerms(text)) {
    const equality = /^([^\s=!()]+)\s*={1,2}\s*([^\s=!()]*)$/.exec(term);
    const single = /^([^\s=!()]+)\s+in\s+\(\s*([^\s,()]*)\s*\)$/.exec(term);
    const [, key, value] = equality ?? single ?? [];
    if (key === undefined || value === undefined) {
      unsupported.push(term);
    } else if (key in selector && selector[key] !== value) {
      unsupported.push(term);
    } else {
      selector[key] = value;
    }
  }
  return { selector, unsupported };
}

/** Splits at commas outside parentheses. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let depth = 0;
  let current = '';
  for (const char of text) {
    if (char === ',' && depth === 0) {
      terms.push(current);
      current = '';
      continue;
    }
    if (char === '(') {
      depth += 1;
    } else if (char === ')') {
      depth -= 1;
    }
    current += char;
  }
  terms.push(current);
  return terms.map(term => term.trim()).filter(term => term !== '');
}
