import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import type { Settings } from "./settings.ts";

/** The sampler that `OTEL_TRACES_SAMPLER` names; what it does not know is the default, all that the parent allows. */
export function samplerFrom({ sampler, samplerArgument }: Settings): Sampler {
  const given = samplerArgument === "" ? Number.NaN : Number(samplerArgument);
  const ratio = given >= 0 && given <= 1 ? given : 1;
  switch (sampler) {
    case "always_on":
      return new AlwaysOnSampler();
    case "always_off":
      return new AlwaysOffSampler();
    case "traceidratio":
      return new TraceIdRatioBasedSampler(ratio);
    case "parentbased_always_off":
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case "parentbased_traceidratio":
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
    default:
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  }
}
