/** The registry through which hooked modules find their wrappers; the package declares no types for it. */
declare module "import-in-the-middle/lib/register.js" {
  export const register: (...of: unknown[]) => void;
  export const ModuleBinder: unknown;
}
