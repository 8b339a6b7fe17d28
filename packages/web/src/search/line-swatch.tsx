import css from "./line-chart.module.css";

/** How a line looks; nothing for what is not drawn. */
export function LineSwatch({ look }: { readonly look: number }) {
  return (
    <svg className={css.swatch} viewBox="0 0 22 8" aria-hidden="true">
      <path className={css.line} data-look={look} d="M1 4H21" />
    </svg>
  );
}
