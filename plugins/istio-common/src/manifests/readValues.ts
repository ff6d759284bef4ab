import { parseAllDocuments } from 'yaml';

/**
 * What each document of a file says; undefined when that is no YAML, names an alias that is not there, or
 * would become endless by its aliases.
 */
export function readValues(text: string): unknown[] | undefined {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  try {
    return documents.map(document => document.toJS() as unknown);
  } catch {
    return undefined;
  }
}
