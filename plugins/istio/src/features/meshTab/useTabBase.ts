import { useResolvedPath } from 'react-router-dom';

/** Path of the Mesh tab itself, without its views and without a slash at the end. */
export function useTabBase(): string {
  return useResolvedPath('.').pathname.replace(/\/+$/, '');
}
