import { type Field, quote } from '../Field';
import { isDnsLabel } from './names';

/**
 * `.` (own namespace), `*` (everyone) or namespaces, each once; `~` (no one) on a ServiceEntry only.
 *
 * Source: validateExportTo, visibility.Instance.Validate.
 */
export function checkExportTo(
  field: Field,
  options: {
    namespace: string;
    serviceEntry?: boolean;
    workloadSelector?: boolean;
  },
): void {
  const { namespace } = options;
  const seen = new Set<string>();
  const items = field.items();
  for (const item of items) {
    const written = item.text();
    const name = written === '.' ? namespace : written;
    if (seen.has(name)) {
      item.error(`names ${quote(written)} twice`);
    } else if (written === '~' && options.serviceEntry) {
      seen.add(name);
    } else if (written === '~') {
      item.error(
        'must not be "~" on this kind; allowed: ".", "*" or a namespace',
      );
    } else if (name !== '*' && !isDnsLabel(name)) {
      item.error(`must be ".", "*" or a namespace, it is ${quote(written)}`);
    } else {
      seen.add(name);
    }
  }
  if (options.workloadSelector && seen.size > 0) {
    if (!seen.has(namespace) || seen.size > 1) {
      field.error('must be only "." beside a workloadSelector');
    }
  }
  if (seen.has('*') && items.length > 1) {
    field.error('must not name "*" together with others');
  }
  if (seen.has('~') && items.length > 1) {
    field.error('must not name "~" together with others');
  }
}
