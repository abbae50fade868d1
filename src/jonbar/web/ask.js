// Speaks to the server. Of each kind of question the newest wins: an older one is dropped here and stopped there.
const tab = crypto.randomUUID();
let number = 0;
const flying = new Map();

export class Fault extends Error {}
export class Superseded extends Error {}

export async function ask(kind, body, { onWait } = {}) {
  flying.get(kind)?.abort();
  const control = new AbortController();
  flying.set(kind, control);
  const mine = ++number;
  let waiting = true;
  if (onWait) watch(kind, () => waiting && flying.get(kind) === control, onWait);
  try {
    const answer = await fetch(`api/${kind}`, {
      method: "POST", signal: control.signal, headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...body, tab, number: mine }),
    });
    const said = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : {};
    if (said.superseded || flying.get(kind) !== control) throw new Superseded();
    if (!answer.ok || said.fault) throw new Fault(said.fault ?? `The server did not answer (${answer.status}).`);
    return said;
  } catch (fault) {
    if (fault.name === "AbortError") throw new Superseded();
    if (fault instanceof TypeError) throw new Fault("The server has stopped. What you see is its last answer; start it again and open its new address.");
    throw fault;
  } finally {
    waiting = false;
    if (flying.get(kind) === control) flying.delete(kind);
  }
}

async function watch(kind, still, onWait) {
  await pause(700);
  while (still()) {
    try {
      const answer = await fetch(`api/progress?tab=${encodeURIComponent(`${tab} ${kind}`)}`);
      const { share } = await answer.json();
      if (still()) onWait(share);
    } catch { return; }
    await pause(400);
  }
}

export const pause = (length) => new Promise((done) => setTimeout(done, length));

export async function* news(since) {
  for (;;) {
    try {
      const answer = await fetch(`api/news?since=${since}`);
      if (!answer.ok) return;
      const found = await answer.json();
      if (found.version !== since) { since = found.version; yield found; }
    } catch { return; }
  }
}
