import { fieldsOf, textOf } from '../../../resources/fields';
import type { Rule } from '../../types';

/** Source: istio/api extensions/v1alpha1 wasm.proto: url, sha256; a url without scheme is an OCI image. */
export const wasmUnpinned: Rule = {
  code: 'ISB1014',
  name: 'wasm-plugin-unpinned',
  title: 'A WasmPlugin does not say which code it runs',
  severity: 'info',
  explanation:
    'The module is code inside the proxy of every selected workload. Without a checksum or digest, whoever can change what the address serves changes that code, and proxies that started at different times may run different versions.',
  remedy:
    'Set sha256, or name the image by its digest; at least use a version as tag, and HTTPS.',
  equivalents: [],
  subjects: ['WasmPlugin'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const { sha256, url: written } = fieldsOf(subject.spec);
    const url = textOf(written) ?? '';
    if (textOf(sha256) || url === '') return [];
    if (url.startsWith('http://')) {
      return [
        {
          message: `${url} is fetched in plaintext and not checked: whoever is on the way can change the code.`,
          path: 'spec.url',
          severity: 'warning',
        },
      ];
    }
    const isMoving =
      url.startsWith('https://') ||
      (!url.startsWith('file://') && isMovingImage(url.replace('oci://', '')));
    return isMoving
      ? [
          {
            message: `${url} may be another module tomorrow: no checksum or version pins it.`,
            path: 'spec.url',
          },
        ]
      : [];
  },
};

/** An image without tag is the latest. */
function isMovingImage(image: string): boolean {
  const name = image.split('/').pop() ?? '';
  const tag = name.split(':')[1] ?? 'latest';
  return !image.includes('@') && tag === 'latest';
}
