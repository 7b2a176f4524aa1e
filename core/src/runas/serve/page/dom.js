// Make elements without ever reading text as HTML, and talk to the server.

const csrf = document.querySelector("meta[name=csrf]").content;

export const byId = (id) => document.getElementById(id);

// element("p", {class: "quiet"}, "text", child, ...)
export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null && child !== ""));
  return made;
}

// Set text only where it differs: screen readers read out what is written anew.
export function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

// Replace the content only where what it is made from differs: focus and typing survive.
export function redraw(place, source, make) {
  const key = JSON.stringify(source);
  if (place.drawnFrom === key) return;
  place.drawnFrom = key;
  place.replaceChildren(...make());
}

export async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error((await answer.json()).message);
  return answer.json();
}

export async function post(path, fields) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Runas-CSRF": csrf },
    body: JSON.stringify({ page: "yes", ...fields }),
  });
  if (!answer.ok) throw new Error((await answer.json()).message);
}
