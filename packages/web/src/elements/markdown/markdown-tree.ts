/** What Markdown is read into. Everything is text of the writer's; nothing of it is HTML. */
export type Block =
  | { readonly type: "paragraph"; readonly inlines: readonly Inline[] }
  | { readonly type: "heading"; readonly level: number; readonly inlines: readonly Inline[] }
  | { readonly type: "code"; readonly language: string; readonly text: string }
  | { readonly type: "quote"; readonly blocks: readonly Block[] }
  | {
      readonly type: "list";
      readonly start: number | undefined;
      readonly items: readonly (readonly Block[])[];
    }
  | {
      readonly type: "table";
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly type: "rule" };

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "strong" | "emphasis" | "deleted"; readonly inlines: readonly Inline[] }
  | {
      readonly type: "link";
      readonly url: string;
      readonly host: string;
      readonly inlines: readonly Inline[];
    }
  | { readonly type: "image"; readonly url: string; readonly alt: string }
  | { readonly type: "break" };
