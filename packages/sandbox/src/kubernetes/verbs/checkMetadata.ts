import type { ResourceType } from '../resources/resourceType';
import {
  fieldError,
  type FieldError,
} from '@istio-backstage/plugin-istio-common/schema';
import { isObject, type JsonObject } from '../json';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const QUALIFIED =
  /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const SUBDOMAIN_DETAIL =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_DETAIL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const VALUE_DETAIL =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** RBAC names are path segments; namespaces and services are DNS labels; the rest are DNS subdomains. */
function checkName(name: string, type: ResourceType): FieldError[] {
  const field = 'metadata.name';
  if (type.group === 'rbac.authorization.k8s.io') {
    const wrong = name === '.' || name === '..' || /[/%]/.test(name);
    const detail = "may not be '.' or '..' and may not contain '/' or '%'";
    return wrong
      ? [fieldError('FieldValueInvalid', field, { value: name, detail })]
      : [];
  }
  const short = type.id === 'namespaces' || type.id === 'services';
  const limit = short ? 63 : 253;
  const pattern = short ? DNS_LABEL : SUBDOMAIN;
  const errors: FieldError[] = [];
  if (!pattern.test(name)) {
    const detail = short ? LABEL_DETAIL : SUBDOMAIN_DETAIL;
    errors.push(
      fieldError('FieldValueInvalid', field, { value: name, detail }),
    );
  }
  if (name.length > limit) {
    const detail = `must be no more than ${limit} characters`;
    errors.push(
      fieldError('FieldValueInvalid', field, { value: name, detail }),
    );
  }
  return errors;
}

function checkKeys(map: unknown, field: string): FieldError[] {
  return Object.keys(isObject(map) ? map : {})
    .filter(key => !QUALIFIED.test(key) || key.split('/').pop()!.length > 63)
    .map(key =>
      fieldError('FieldValueInvalid', field, {
        value: key,
        detail:
          "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      }),
    );
}

function checkLabelValues(labels: unknown): FieldError[] {
  return Object.values(isObject(labels) ? labels : {}).flatMap(value => {
    const text = String(value);
    const details = [
      ...(text.length > 63 ? ['must be no more than 63 bytes'] : []),
      ...(LABEL_VALUE.test(text) ? [] : [VALUE_DETAIL]),
    ];
    return details.map(detail =>
      fieldError('FieldValueInvalid', 'metadata.labels', { value, detail }),
    );
  });
}

/** What Kubernetes checks of every object's metadata: name, label keys and values, annotation keys and size. */
export function checkMetadata(
  metadata: JsonObject,
  type: ResourceType,
): FieldError[] {
  const name = String(metadata.name ?? '');
  const errors = name
    ? checkName(name, type)
    : [
        fieldError('FieldValueRequired', 'metadata.name', {
          detail: 'name or generateName is required',
        }),
      ];
  errors.push(...checkKeys(metadata.labels, 'metadata.labels'));
  errors.push(...checkKeys(metadata.annotations, 'metadata.annotations'));
  errors.push(...checkLabelValues(metadata.labels));
  const annotations = JSON.stringify(metadata.annotations ?? {});
  if (annotations.length > 256 * 1024) {
    const detail = 'may not be more than 262144 bytes';
    errors.push(
      fieldError('FieldValueTooLong', 'metadata.annotations', { detail }),
    );
  }
  return errors;
}
