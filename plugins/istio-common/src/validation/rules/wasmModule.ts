import { type Field, quote } from '../Field';
import { checkPort } from './addresses';
import { parseGoUrl } from './urls';

const SCHEMES = ['', 'file', 'http', 'https', 'oci'];
const MODES = ['UNDEFINED', 'CLIENT', 'SERVER', 'CLIENT_AND_SERVER'] as const;

/** Where a Wasm module comes from and what it is given. Source: ValidateWasmPlugin, ValidateTrafficExtension. */
export function checkWasmModule(module: Field): void {
  checkUrl(module.at('url'));
  const sha256 = module.at('sha256').text();
  if (sha256 !== '' && !/^[a-f0-9]{64}$/.test(sha256)) {
    module
      .at('sha256')
      .error(
        `must be 64 hexadecimal digits in lower case, it is ${quote(sha256)}`,
      );
  }
  checkLength(module.at('imagePullSecret'), 253);
  checkLength(module.at('pluginName'), 256);
  module.at('verificationKey').text();
  module.at('pluginConfig').entries();
  module
    .at('imagePullPolicy')
    .choice(['UNSPECIFIED_POLICY', 'IfNotPresent', 'Always']);
  module.at('failStrategy').choice(['FAIL_CLOSE', 'FAIL_OPEN', 'FAIL_RELOAD']);
  module.at('type').choice(['UNSPECIFIED_PLUGIN_TYPE', 'HTTP', 'NETWORK']);
  checkEnvironment(module.at('vmConfig').at('env'));
}

/** Which traffic an extension takes part in. */
export function checkTrafficSelectors(list: Field): void {
  for (const match of list.items()) {
    match.at('mode').choice(MODES);
    for (const port of match.at('ports').items()) {
      checkPort(port.at('number'));
    }
  }
}

/** Source: validateWasmPluginURL; without a scheme it is an image, as with oci://. */
function checkUrl(field: Field): void {
  const text = field.text();
  if (text === '') {
    field.error('is required: where the module is, like oci://registry/image');
    return;
  }
  const written = parseGoUrl(text, { request: true });
  const url =
    typeof written === 'string'
      ? parseGoUrl(`http://${text}`, { request: true })
      : written;
  if (typeof url === 'string') {
    field.error(url);
  } else if (!SCHEMES.includes(url.scheme)) {
    field.error(
      `must start with oci://, https://, http:// or file://, it is ${quote(
        text,
      )}`,
    );
  }
}

/** In bytes, as Go counts. */
export function checkLength(field: Field, most: number): void {
  const { length } = new TextEncoder().encode(field.text());
  if (length > most) {
    field.error(`must have at most ${most} characters, it has ${length}`);
  }
}

/** Source: validateWasmPluginVMConfig. */
function checkEnvironment(list: Field): void {
  const names = new Set<string>();
  for (const variable of list.items()) {
    const name = variable.at('name').text();
    if (name === '') {
      variable.at('name').error('is required');
    }
    if (names.has(name)) {
      variable.at('name').error(`names ${quote(name)} a second time`);
    }
    names.add(name);
    checkLength(variable.at('name'), 256);
    const from = variable.at('valueFrom').choice(['INLINE', 'HOST']);
    if (variable.at('value').text() !== '' && from === 'HOST') {
      variable
        .at('value')
        .error(
          'must not stand beside valueFrom HOST, where the value comes from',
        );
    }
  }
}
