import type { ComponentProps } from "react";
import css from "./button.module.css";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps extends Omit<ComponentProps<"button">, "type"> {
  readonly icon?: IconName;
  readonly variant?: "plain" | "quiet" | "strong";
  readonly submits?: boolean;
}

export function Button({ icon, variant = "plain", submits, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type={submits ? "submit" : "button"}
      className={`${css.button} ${css[variant]} ${className ?? ""}`}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that is only an icon; its label is read out and shown on hover. */
export function IconButton({
  icon,
  label,
  className,
  ...rest
}: Omit<ButtonProps, "children"> & { readonly icon: IconName; readonly label: string }) {
  return (
    <button
      type="button"
      className={`${css.button} ${css.quiet} ${css.square} ${className ?? ""}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
