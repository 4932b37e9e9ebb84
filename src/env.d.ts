/// <reference types="astro/client" />

/** The prose of the API's fields: scripts/late-descriptions.mjs says where it is. */
declare module 'nodewise:descriptions' {
  export const DESCRIPTIONS_JSON: string
}
