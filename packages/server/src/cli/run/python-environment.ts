import { delimiter } from "node:path";
import { pythonFolder } from "../python/packages-folder.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that have every Python process below traced. `packages` is where `clew python install` installs. */
export function pythonEnvironment(environment: Environment, packages: string): Environment {
  const ours = pythonFolder().replace(/\/$/, "");
  const others = (environment.PYTHONPATH ?? "")
    .split(delimiter)
    .filter((path) => path !== "" && path !== ours);
  return { PYTHONPATH: [ours, ...others].join(delimiter), CLEW_PYTHON_PACKAGES: packages };
}
