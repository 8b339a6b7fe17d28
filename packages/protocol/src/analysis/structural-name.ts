const NUMBER = /(?<=^|[\s/#_:([=-])\d+(?=$|[\s/_:)\],?&-])/g;
const ID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{12,}\b/gi;
const VERSION = /[-@](?:20\d\d-?\d\d-?\d\d|\d{3,4}|latest)$/;

/** A name without what differs each time: `step 3` and `GET /orders/1002` become `step #` and `GET /orders/#`. */
export function structuralName(name: string): string {
  return /\d/.test(name) ? name.replace(ID, "#").replace(NUMBER, "#") : name;
}

/** A model without the date of its version: what is asked for often has none, what answers has one. */
export function structuralModel(model: string): string {
  return model.replace(VERSION, "");
}
