export interface Config {
  app?: {
    signIn?: {
      /**
       * `sandbox`: choose one of the demo's people; the backend refuses it unless every cluster is the
       * sandbox. `local`: one person on their own machine, in front of a cluster of theirs.
       * @visibility frontend
       */
      mode?: 'sandbox' | 'local';
      people?: Array<{
        /**
         * User entity of the demo catalog.
         * @visibility frontend
         */
        entityRef: string;
        /** @visibility frontend */
        name: string;
        /**
         * What this person may do, for the sign-in page.
         * @visibility frontend
         */
        role: string;
      }>;
    };
  };
}
