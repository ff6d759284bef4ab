import { Suspense, lazy, useCallback } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { readObject, withoutObject } from '../../components';
import { useIsTopHost } from './useIsTopHost';

const ObjectViewer = lazy(() =>
  import('./ObjectViewer').then(module => ({ default: module.ObjectViewer })),
);

/**
 * Shows the object that the URL opens. Stands in every surface and in dialogs above them, so that the
 * viewer belongs to what is on top: a dialog keeps the focus from what is outside it.
 */
export function ObjectViewerHost() {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const isTop = useIsTopHost();
  const close = useCallback(
    () =>
      navigate({ pathname, search: withoutObject(search) }, { replace: true }),
    [navigate, pathname, search],
  );
  const address = readObject(search);
  if (!address || !isTop) return null;
  return (
    <Suspense fallback={null}>
      <ObjectViewer address={address} onClose={close} />
    </Suspense>
  );
}
