/** The OTLP signals Clew accepts, named as in the paths `/v1/<signal>`. */
export type Signal = "traces" | "logs" | "metrics";
