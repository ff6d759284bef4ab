/** `spec.http[0].route`; a key that is no plain word stands in brackets and quotes. */
export function presentFieldPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `${text}["${step}"]`;
    return text ? `${text}.${step}` : step;
  }, '');
}
