/** Where a receiver writes what only an operator can act on. */
export interface ReceiverLog {
  error(details: object, message: string): void;
}
