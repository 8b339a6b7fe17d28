import assert from "node:assert/strict";
import { test } from "node:test";
import { partsOf } from "./parts.ts";

const MEDIA: readonly (readonly [what: string, block: unknown, expected: object])[] = [
  [
    "OpenTelemetry's blob",
    { type: "blob", modality: "image", mime_type: "image/png", content: "AA==" },
    { type: "image", mediaType: "image/png", data: "AA==" },
  ],
  [
    "OpenTelemetry's uri without a media type",
    { type: "uri", modality: "video", uri: "https://e.com/v" },
    { type: "file", mediaType: "video/*", url: "https://e.com/v" },
  ],
  [
    "OpenTelemetry's file",
    { type: "file", modality: "image", file_id: "file-1" },
    { type: "image", mediaType: "image/*", fileId: "file-1" },
  ],
  [
    "OpenAI's image_url with a data URL",
    { type: "image_url", image_url: { url: "data:image/gif;base64,R0lGOD" } },
    { type: "image", mediaType: "image/gif", data: "R0lGOD" },
  ],
  [
    "OpenAI's input_image",
    { type: "input_image", image_url: "https://e.com/i.png" },
    { type: "image", mediaType: "image/*", url: "https://e.com/i.png" },
  ],
  [
    "OpenAI's input_audio",
    { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
    { type: "file", mediaType: "audio/wav", data: "AA==" },
  ],
  [
    "Anthropic's image",
    { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "AA==" } },
    { type: "image", mediaType: "image/jpeg", data: "AA==" },
  ],
  [
    "Anthropic's document",
    { type: "document", source: { type: "base64", media_type: "application/pdf", data: "AA==" } },
    { type: "file", mediaType: "application/pdf", data: "AA==" },
  ],
  [
    "the AI SDK's image with a URL as data",
    { type: "image", image: "https://e.com/i.png" },
    { type: "image", mediaType: "image/*", url: "https://e.com/i.png" },
  ],
  [
    "Pydantic AI's binary",
    { type: "binary", media_type: "image/png", content: "AA==" },
    { type: "image", mediaType: "image/png", data: "AA==" },
  ],
  [
    "Pydantic AI's image-url",
    { type: "image-url", url: "https://e.com/i.png" },
    { type: "image", mediaType: "image/*", url: "https://e.com/i.png" },
  ],
  [
    "Bedrock's image",
    { image: { format: "png", source: { bytes: "AA==" } } },
    { type: "image", mediaType: "image/png", data: "AA==" },
  ],
  [
    "Gemini's file",
    { fileData: { mimeType: "application/pdf", fileUri: "gs://b/f" } },
    { type: "file", mediaType: "application/pdf", url: "gs://b/f" },
  ],
];

for (const [what, block, expected] of MEDIA) {
  test(`${what} is a media part`, () => {
    assert.deepEqual(partsOf([block]), [{ url: "", data: "", fileId: "", ...expected }]);
  });
}

test("a block of an unknown type is kept as it came", () => {
  assert.deepEqual(partsOf([{ type: "hologram", a: 1 }]), [
    { type: "json", value: { type: "hologram", a: 1 } },
  ]);
});
