/**
 * How many values a parsed document has when each alias counts as what it stands for; Infinity for one that
 * holds itself. Takes as long as the document without its aliases.
 */
export function expandedSize(value: unknown): number {
  return sizeOf(value, new Map());
}

function sizeOf(value: unknown, known: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const size = known.get(value);
  if (size !== undefined) return size;
  known.set(value, Infinity);
  const counted = Object.values(value).reduce<number>(
    (sum, each) => sum + sizeOf(each, known),
    1,
  );
  known.set(value, counted);
  return counted;
}
