import type { ModelPrice, ServerSettings } from "@clew/protocol/api/server-settings";
import { useId, useState } from "react";
import { Button } from "../elements/button.tsx";
import { exact, many } from "../format/quantities.ts";
import { findPrices } from "./find-prices.ts";
import css from "./settings-page.module.css";

const FIRST = 12;

/** What calls of models cost, and which entry holds for a model. */
export function PriceTable({ prices: { version, models } }: { readonly prices: ServerSettings["prices"] }) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [showsAll, setShowsAll] = useState(false);
  const { prices, holds } = findPrices(models, typed);
  const shown = showsAll ? prices : prices.slice(0, FIRST);
  const own = models.filter(({ isOwn }) => isOwn).length;
  return (
    <div className={css.card}>
      <div className={css.find}>
        <label htmlFor={id}>Find</label>
        <input
          id={id}
          type="search"
          autoComplete="off"
          spellCheck={false}
          placeholder="Name of a model, such as gpt-5-mini"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <span role="status">
          {typed.trim() === ""
            ? many(models.length, "price")
            : `${exact(prices.length)} of ${many(models.length, "price")}`}
        </span>
      </div>
      {prices.length === 0 ? (
        <p className={css.none}>No price is for this model: its calls have tokens and no cost.</p>
      ) : (
        <section className={css.scroll} aria-label="Prices" tabIndex={0}>
          <table className={css.table}>
            <caption className={css.hidden}>
              US dollars per million tokens; the first entry that matches holds
            </caption>
            <thead>
              <tr>
                <th scope="col">Models</th>
                {["Input", "Output", "Cache read", "Cache write", "Reasoning"].map((name) => (
                  <th key={name} scope="col" className={css.number}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((price, index) => (
                <PriceRow
                  key={`${price.match} ${price.provider ?? ""} ${index}`}
                  price={price}
                  holds={price === holds}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p className={css.aside}>
        US dollars per million tokens, looked up {version}
        {own > 0 && `; ${many(own, "price")} of your own file`}. Your own come from a file that{" "}
        <code>pricesFile</code> names.
        {prices.length > FIRST && (
          <Button variant="quiet" onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? "Show fewer" : `Show all ${exact(prices.length)}`}
          </Button>
        )}
      </p>
    </div>
  );
}

function PriceRow({ price, holds }: { readonly price: ModelPrice; readonly holds: boolean }) {
  const { match, provider, longContext, note, isOwn } = price;
  return (
    <tr data-holds={holds}>
      <th scope="row">
        <code>{match}</code>
        {provider !== undefined && (
          <span className={css.meaning}>
            provider <code>{provider}</code>
          </span>
        )}
        {holds && <span className={css.tag}>holds for this name</span>}
        {isOwn && <span className={css.tag}>your file</span>}
        {note !== undefined && <span className={css.meaning}>{note}</span>}
        {longContext && (
          <span className={css.meaning}>
            above {exact(longContext.above)} tokens {rate(longContext.input)} in, {rate(longContext.output)}{" "}
            out
          </span>
        )}
      </th>
      <td className={css.number}>{rate(price.input)}</td>
      <td className={css.number}>{rate(price.output)}</td>
      <td className={css.number}>{rate(price.cacheRead)}</td>
      <td className={css.number}>{rate(price.cacheWrite)}</td>
      <td className={css.number}>{rate(price.reasoning)}</td>
    </tr>
  );
}

function rate(usd: number | undefined): string {
  return usd === undefined ? "" : `$${Number(usd.toFixed(4))}`;
}
