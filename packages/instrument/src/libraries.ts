import { express } from "./libraries/express.ts";
import { http } from "./libraries/http.ts";
import { undici } from "./libraries/undici.ts";
import type { Library } from "./library.ts";

/** Everything that is traced. */
export const LIBRARIES: readonly Library[] = [http, undici, express];
