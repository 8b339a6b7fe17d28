import { installedPython } from "./installed-python.ts";
import { noPython, type PythonSetup, pythonSetup, type SetupOptions } from "./python-environment.ts";

/** Versions that `clew run` promises. */
const VERSIONS = ["3.10", "3.11", "3.12", "3.13", "3.14"];
const PACKAGES =
  "annotated-doc annotated-types anyio asgiref certifi charset-normalizer click distro exceptiongroup fastapi h11 httpcore httpx " +
  "httpcore2 httpx2 idna jiter openai pydantic pydantic-core requests sniffio starlette truststore typing-extensions " +
  "typing-inspection urllib3 uvicorn";

/** One version of Python, with a few of the libraries that agents use. */
export interface PythonVersion {
  readonly version: string;
  /** Why it cannot be tested here. */
  readonly skip: string | false;
  readonly setup: PythonSetup | undefined;
}

/** All of them; one that is not there says so. */
export async function pythonVersions(): Promise<PythonVersion[]> {
  const found: PythonVersion[] = [];
  for (const version of VERSIONS) found.push(await pythonVersion(version));
  return found;
}

async function pythonVersion(version: string): Promise<PythonVersion> {
  const python = installedPython(version);
  if (python === undefined) {
    return { version, skip: `skipped: Python ${version} is not installed`, setup: undefined };
  }
  const options: SetupOptions = { python, only: PACKAGES.split(" ") };
  const skip = (await noPython(options)) ?? false;
  return { version, skip, setup: skip === false ? await pythonSetup(options) : undefined };
}
