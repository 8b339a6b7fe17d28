import { type FormEvent, useId } from "react";
import { hasToken, signIn } from "../api/client.ts";
import { Button } from "../elements/button.tsx";
import css from "./token-form.module.css";

/** Asked for where the server has a token. */
export function TokenForm() {
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get("token");
    if (typeof token === "string" && token !== "") signIn(token);
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <h1>This server asks for a token</h1>
      <p>It is the one the server was started with: CLEW_TOKEN, or the token of clew.yaml.</p>
      {hasToken() && <p role="alert">The server did not accept the one given.</p>}
      <label htmlFor={id}>Token</label>
      <input id={id} name="token" type="password" autoComplete="current-password" required />
      <Button submits variant="strong">
        Continue
      </Button>
    </form>
  );
}
