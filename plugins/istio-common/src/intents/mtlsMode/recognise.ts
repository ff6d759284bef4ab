import { isKind, describeObject } from '../../resources/objectKey';
import { readPeerAuthentication } from '../../resources/peerAuthentication';
import { recogniseParams } from '../recogniseParams';
import type { RecogniseOptions, Recognised } from '../types';
import { mtlsModeParamsSchema, type MtlsModeParams } from './schema';
import { readMode } from './writeMode';

const PLACE = /^(?:mtls|portLevelMtls\.(\d+))$/;

/** Reads a mode at a place of a PeerAuthentication: `mtls`, `portLevelMtls.8080`. */
export function recogniseMtlsMode(
  options: RecogniseOptions,
): Recognised<MtlsModeParams> {
  const { object, fieldPath, clusters, service } = options;
  const place = PLACE.exec(fieldPath);
  if (!isKind(object, 'PeerAuthentication') || !place) {
    return {
      ok: false,
      why: `${fieldPath} of ${describeObject(
        object,
      )} is no mode of a PeerAuthentication`,
    };
  }
  if (!service) {
    return {
      ok: false,
      why: `${describeObject(object)} does not say which Service it is for`,
    };
  }
  const { selector } = readPeerAuthentication(object);
  const { namespace } = object.metadata;
  const wide = namespace === service.namespace ? 'namespace' : 'mesh';
  const port = place[1] === undefined ? undefined : Number(place[1]);
  return recogniseParams(mtlsModeParamsSchema, {
    clusters,
    namespace: service.namespace,
    service: service.name,
    level: selector ? 'workload' : wide,
    ...(port !== undefined && { port }),
    mode: readMode(object, { port }),
  });
}
