import { Component, type ReactNode } from "react";
import { Button } from "../elements/button.tsx";
import css from "./app.module.css";

interface Props {
  /** Another place has another chance. */
  readonly place: string;
  readonly children: ReactNode;
}

interface State {
  readonly failed: { readonly says: string; readonly place: string } | undefined;
}

/** A fault of the page itself costs one view, never the way to the others. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: undefined };

  override componentDidCatch(error: unknown): void {
    this.setState({ failed: { says: String(error), place: this.props.place } });
  }

  static getDerivedStateFromProps({ place }: Props, { failed }: State): State | null {
    return failed !== undefined && failed.place !== place ? { failed: undefined } : null;
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed === undefined) return this.props.children;
    return (
      <div className={css.missing} role="alert">
        <h1>This view failed</h1>
        <p>
          <code>{failed.says}</code>
        </p>
        <Button onClick={() => location.reload()}>Load it again</Button>
      </div>
    );
  }
}
