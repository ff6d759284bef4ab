/** A field of a query's schema: checks one parameter, and knows what stands for a missing one. */
interface QueryField {
  safeParse(
    value: unknown,
  ): { success: true; data: unknown } | { success: false };
  parse(value: unknown): unknown;
}

/**
 * Reads the query of a list from a URL. A parameter that the API would refuse is dropped, so that an
 * old or mistyped link still shows the list.
 */
export function readListUrl<TName extends string>(
  params: URLSearchParams,
  options: {
    names: readonly TName[];
    fields: Readonly<Record<TName, QueryField>>;
  },
): Record<string, unknown> {
  return Object.fromEntries(
    options.names.map(name => {
      const field = options.fields[name];
      const parsed = field.safeParse(params.get(name) ?? undefined);
      return [name, parsed.success ? parsed.data : field.parse(undefined)];
    }),
  );
}

/** The URL with some parameters changed; any change but of these leads back to the first page. */
export function changeListUrl(
  params: URLSearchParams,
  change: Readonly<Record<string, string | undefined>>,
  keepPage: readonly string[] = ['offset'],
): URLSearchParams {
  const next = new URLSearchParams(params);
  if (!keepPage.some(name => name in change)) next.delete('offset');
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}
