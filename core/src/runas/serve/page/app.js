// The page of runas: shows what the server tells it (server-sent events), and sends answers.

import { byId, element, get, post, redraw, write } from "./dom.js";

const MOST = 200; // profiles shown at a time
let state = null;
let catalogue = [];
let ahead = 0; // seconds that the server's clock is ahead of ours

const now = () => Date.now() / 1000 + ahead;

function left(seconds) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  if (hours) return `${hours} h ${minutes % 60} min`;
  if (minutes >= 10) return `${minutes} min`;
  if (minutes) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.max(0, Math.floor(seconds))} s`;
}

const clock = (epoch) => new Date(epoch * 1000).toLocaleTimeString();

function statusOf(profile) {
  if (!profile) return ["Pick a profile below", ""];
  const asked = state.questions.some((one) => one.profile === profile.name);
  const rest = profile.expiration === null ? null : profile.expiration - now();
  if (profile.held && rest === null) return ["Credentials do not expire", "good"];
  if (profile.held && rest > 0) return [`Credentials end in ${left(rest)}`, "good"];
  if (asked) return ["Waiting for you", ""];
  if (profile.busy) return ["Logging in", "wait"];
  if (profile.problem) return ["No credentials", "bad"];
  return [profile.held ? "Credentials have expired" : "No credentials yet", "bad"];
}

function showStatus() {
  if (!state) return;
  const [text, kind] = statusOf(state.profile);
  const place = byId("status");
  write(place, text);
  place.className = `status ${kind}`;
  write(byId("said"), kind === "good" ? "Credentials are good" : text); // not every second
  const asked = state.questions.length ? "(!) " : "";
  document.title = state.profile ? `${asked}${state.profile.name}: ${text} - runas` : "runas";
}

function showProfile() {
  const profile = state.profile;
  write(byId("profile-title"), profile ? `Profile ${profile.name}` : "No profile selected");
  byId("refresh").disabled = !profile || profile.busy;
  write(byId("refresh"), profile && profile.problem ? "Log in" : "Refresh now");
  const facts = !profile ? [] : [
    ["Account", profile.account], ["Role", profile.role], ["You are", profile.who],
    ["Region", profile.region],
    ["Ends", profile.expiration ? new Date(profile.expiration * 1000).toLocaleString() : ""],
  ].filter(([, text]) => text);
  redraw(byId("facts"), facts, () =>
    facts.flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, text)]));
  showProblem(profile ? profile.problem : null);
}

function showProblem(problem) {
  redraw(byId("problem"), problem, () => !problem ? [] : [
    element("p", {}, element("strong", {}, problem.fact)),
    problem.hint ? element("p", {}, `What to do: ${problem.hint}`) : "",
  ].filter(Boolean));
}

async function act(button, path, fields) {
  if (button) button.disabled = true;
  try {
    await post(path, fields);
  } catch (error) {
    showProblem({ fact: error.message, hint: "" });
    if (button) button.disabled = false;
  }
}

const TYPED = {
  username: { label: (q) => `Username for ${q.realm}`, type: "text", complete: "username" },
  password: {
    label: (q) => `Password of ${q.username} at ${q.realm}`,
    type: "password", complete: "current-password",
  },
  code: {
    label: (q) => (q.device ? `Code for ${q.device}` : "Code")
      + (q.words.length ? ` (or ${q.words.join(", ")})` : ""),
    type: "text", complete: "one-time-code",
  },
};

function cancelButton(question) {
  return element("button", {
    type: "button",
    click: (event) => act(event.target, "/cancel", { profile: question.profile }),
  }, "Cancel");
}

function typed(question) {
  const kind = TYPED[question.kind];
  const field = `answer-${question.id}`;
  const input = element("input", {
    id: field, type: kind.type, autocomplete: kind.complete, required: true,
    value: question.default || null, spellcheck: "false", autocapitalize: "none",
    "aria-describedby": question.attempt ? `again-${question.id}` : null,
  });
  const send = element("button", { type: "submit", class: "primary" }, "Continue");
  const submit = (event) => {
    event.preventDefault();
    const answer = input.value;
    if (question.kind !== "username") input.value = "";
    act(send, "/answer", { id: question.id, answer });
  };
  return [
    question.attempt
      ? element("p", { id: `again-${question.id}`, class: "notice" },
        "That code was refused; please try again.")
      : "",
    element("form", { submit },
      question.kind === "password" // for password managers
        ? element("input", {
          type: "text", autocomplete: "username", value: question.username, hidden: true,
          readonly: true,
        })
        : "",
      element("label", { for: field }, kind.label(question)), input,
      element("p", { class: "buttons" }, send, cancelButton(question))),
  ];
}

function choice(question) {
  const pick = (index) => (event) =>
    act(event.currentTarget, "/answer", { id: question.id, answer: String(index) });
  return [
    element("p", {}, element("strong", {}, question.title)),
    element("ul", { class: "options" }, ...question.options.map((label, index) =>
      element("li", {}, element("button", { type: "button", click: pick(index) }, label)))),
    element("p", { class: "buttons" }, cancelButton(question)),
  ];
}

function approval(question) {
  const device = question.device || "your device";
  return [
    element("p", { class: "wait" }, `Approve the sign-in on ${device}`),
    question.number ? element("p", {}, "Tap this number there:") : "",
    question.number ? element("p", { class: "number" }, question.number) : "",
    element("p", { class: "buttons" }, cancelButton(question)),
  ];
}

function browse(question) {
  return [
    element("p", { class: "wait" }, "Sign in in the browser"),
    question.user_code ? element("p", {}, "Check that it shows this code:") : "",
    question.user_code ? element("p", { class: "code" }, question.user_code) : "",
    element("p", { class: "buttons" },
      question.url
        ? element("a", {
          class: "button primary", href: question.url, target: "_blank",
          rel: "noopener noreferrer",
        }, "Open the sign-in page")
        : "",
      cancelButton(question)),
  ];
}

function questionCard(question) {
  const make = { choice, approval, browse }[question.kind] || typed;
  return element("div", {
    class: "question", role: "group", "aria-label": `Question of profile ${question.profile}`,
    "data-id": question.id, tabindex: "-1",
  },
  element("h2", {}, `Log in to ${question.profile}`), ...make(question).filter(Boolean));
}

// Cards that stay are left alone, so that typing is not disturbed; a new one gets the focus.
function showQuestions() {
  const place = byId("questions");
  const wanted = new Set(state.questions.map((one) => one.id));
  for (const card of [...place.children]) if (!wanted.has(card.dataset.id)) card.remove();
  const shown = new Set([...place.children].map((card) => card.dataset.id));
  for (const question of state.questions) {
    if (shown.has(question.id)) continue;
    const card = questionCard(question);
    place.append(card);
    // Never "Cancel": a second Enter behind the password must not end the login.
    const first = card.querySelector("input:not([hidden]), .options button, a") || card;
    if (!document.activeElement.matches("input")) first.focus();
  }
}

function showOthers() {
  byId("others-card").hidden = !state.others.length;
  redraw(byId("others"), state.others, () => state.others.map((one) => element("li", {},
    element("div", { class: "item" }, element("strong", {}, one.name), " ",
      element("span", { class: "quiet" },
        one.problem ? one.problem.fact : `${one.account} ${one.role}`)))));
}

function showEvents() {
  redraw(byId("events"), state.events, () => state.events.slice(0, 20).map((one) =>
    element("li", {}, element("time", {}, clock(one.time)),
      element("span", { class: one.kind }, one.profile ? `${one.profile}: ${one.text}` : one.text))));
}

function showCatalogue() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one) => {
    const text = `${one.name} ${one.account || ""} ${one.role || ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const found = catalogue.filter(fits);
  const current = state && state.profile ? state.profile.name : null;
  const more = found.length > MOST ? `, the first ${MOST} shown` : "";
  write(byId("found"), `${found.length} of ${catalogue.length} profiles${more}`);
  const shown = found.slice(0, MOST);
  redraw(byId("profiles"), [current, shown], () => shown.map((one) => element("li", {},
    element("button", {
      type: "button", "aria-current": one.name === current ? "true" : null,
      click: () => act(null, "/profile", { profile: one.name }),
    },
    element("span", { class: "name" }, one.name),
    element("span", { class: "quiet" },
      one.problem || [one.account, one.role].filter(Boolean).join(" ")),
    one.name === current ? element("span", { class: "hidden" }, "(current)") : ""))));
}

function arrows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const places = [byId("search"), ...byId("profiles").querySelectorAll("button")];
  const next = places[places.indexOf(document.activeElement) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

function show(told) {
  state = told;
  ahead = told.now - Date.now() / 1000;
  showStatus();
  showProfile();
  showQuestions();
  showOthers();
  showEvents();
  showCatalogue();
}

function link(on) {
  write(byId("link"), on ? "live" : "runas does not answer");
  byId("link").className = `link ${on ? "on" : "off"}`;
}

async function loadCatalogue() {
  try {
    catalogue = await get("/catalogue");
    if (state) showCatalogue();
  } catch (error) {
    write(byId("found"), error.message);
  }
}

function listen() {
  const events = new EventSource("/events");
  events.onopen = () => { link(true); loadCatalogue(); };
  events.onmessage = (event) => show(JSON.parse(event.data));
  events.onerror = () => {
    link(false);
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
}

byId("refresh").addEventListener("click", (event) => act(event.target, "/refresh", {}));
byId("search").addEventListener("input", showCatalogue);
byId("search").addEventListener("keydown", arrows);
byId("profiles").addEventListener("keydown", arrows);
setInterval(showStatus, 1000);
listen();
