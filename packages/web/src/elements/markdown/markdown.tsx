import { type ReactNode, useMemo } from "react";
import css from "./markdown.module.css";
import type { Block, Inline } from "./markdown-tree.ts";
import { MOST_MARKDOWN, parseMarkdown } from "./parse-markdown.ts";

/**
 * Markdown as elements of the page. It knows no HTML, so that hostile text stays text; links name their host and open
 * elsewhere, and images are named and never fetched. What is too long for it is shown as it is.
 */
export function Markdown({ text }: { readonly text: string }) {
  const blocks = useMemo(() => (text.length > MOST_MARKDOWN ? undefined : parseMarkdown(text)), [text]);
  if (blocks === undefined) return <p className={css.asWritten}>{text}</p>;
  return <div className={css.markdown}>{blocks.map(blockView)}</div>;
}

function blockView(block: Block, at: number): ReactNode {
  switch (block.type) {
    case "paragraph":
      return <p key={at}>{block.inlines.map(inlineView)}</p>;
    case "heading":
      // A heading of a message is none of the page's.
      return (
        <p key={at} className={css.heading} data-level={Math.min(block.level, 4)}>
          {block.inlines.map(inlineView)}
        </p>
      );
    case "code":
      return (
        <pre key={at} className={css.code} tabIndex={0} aria-label={block.language || "code"} role="group">
          {block.language !== "" && <span className={css.language}>{block.language}</span>}
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return <blockquote key={at}>{block.blocks.map(blockView)}</blockquote>;
    case "list": {
      const items = block.items.map((item, index) => <li key={index}>{item.map(itemView)}</li>);
      return block.start === undefined ? (
        <ul key={at}>{items}</ul>
      ) : (
        <ol key={at} start={block.start}>
          {items}
        </ol>
      );
    }
    case "table":
      return (
        <div key={at} className={css.table} tabIndex={0} role="group" aria-label="Table">
          <table>
            <thead>
              <tr>
                {block.head.map((cell, column) => (
                  <th key={column} scope="col">
                    {cell.map(inlineView)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column}>{cell.map(inlineView)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "rule":
      return <hr key={at} />;
  }
}

/** A lone line of a list is no paragraph. */
function itemView(block: Block, at: number): ReactNode {
  return block.type === "paragraph" && at === 0 ? (
    <span key={at}>{block.inlines.map(inlineView)}</span>
  ) : (
    blockView(block, at)
  );
}

function inlineView(inline: Inline, at: number): ReactNode {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "code":
      return <code key={at}>{inline.text}</code>;
    case "strong":
      return <strong key={at}>{inline.inlines.map(inlineView)}</strong>;
    case "emphasis":
      return <em key={at}>{inline.inlines.map(inlineView)}</em>;
    case "deleted":
      return <del key={at}>{inline.inlines.map(inlineView)}</del>;
    case "link":
      return (
        <span key={at}>
          <a href={inline.url} target="_blank" rel="noopener noreferrer nofollow" title={inline.url}>
            {inline.inlines.map(inlineView)}
          </a>{" "}
          <small className={css.host}>({inline.host})</small>
        </span>
      );
    case "image":
      return (
        <span key={at} className={css.image} title={inline.url.slice(0, 300)}>
          Image{inline.alt !== "" && `: ${inline.alt}`} <small>{inline.url.slice(0, 100)}</small>
        </span>
      );
    case "break":
      return <br key={at} />;
  }
}
