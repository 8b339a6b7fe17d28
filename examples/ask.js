/** What another service answers; throws when it fails. Without `body` it is a GET. */
export async function ask(url, body, headers = {}) {
  const response = await fetch(url, body === undefined ? { headers } : post(body, headers));
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  return await response.json();
}

/** What `fetch` takes to send something as JSON. */
export function post(body, headers = {}) {
  return {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}
