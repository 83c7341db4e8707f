// Who waits for an answer, most urgent first, with the points that put them there and what to do about it.
import { useEffect, useRef, useState } from "preact/hooks";
import { act, say } from "../action";
import { path_of, post } from "../api";
import { useData, useNow } from "../data";
import { number, plural, words } from "../format";
import { Post } from "../parts/post";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import type { Queue, QueueState, Waiting } from "../types";

const snoozes = [["4", "4 hours"], ["24", "Tomorrow"], ["72", "3 days"], ["168", "A week"]] as const;

function Item({ item, now, gone, reload }: { item: Waiting; now: number; gone: (id: string) => void; reload: () => void }) {
  const { brand, may_act, route } = useScope();
  const [owner, set_owner] = useState(item.owner ?? "");
  const id = item.mention.id;
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (route.id === id) element.current?.scrollIntoView({ block: "center" });
  }, []);
  const send = (body: Record<string, unknown>) => post(`queue/${id}`, { brand, ...body });
  const move = async (state: QueueState, done: string, until?: string) => {
    const body = { state, ...(until ? { until } : {}), ...(owner ? { owner } : {}) };
    const undo = () => void act(() => send({ state: "waiting" }), "Back in the queue.").then(reload);
    if (await act(() => send(body), "")) {
      gone(id);
      say(done, undo);
    }
  };
  const snooze = (hours: string) => {
    const until = new Date(Date.now() + Number(hours) * 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
    void move("snoozed", `Comes back in ${snoozes.find(([h]) => h === hours)?.[1].toLowerCase() ?? `${hours} h`}.`, until);
  };
  const save_owner = async () => {
    if (owner !== (item.owner ?? "")) await act(() => send({ state: "waiting", owner }), owner ? `${owner} looks after it.` : "Nobody looks after it.");
  };
  return (
    <li class={`queue-item ${route.id === id ? "chosen" : ""}`} ref={element}>
      <Post mention={item.mention} now={now} head={<span class="priority"><span class="unseen">Priority </span>{item.priority}</span>}>
        <p class="points small">{Object.entries(item.reasons).map(([name, points]) => <span key={name} class="chip soft">{words(name)} +{points}</span>)}</p>
        <div class="buttons">
          <button type="button" class="main" disabled={!may_act} onClick={() => void move("done", "Done.")}>Done</button>
          <select aria-label="Snooze" value="" disabled={!may_act} onChange={(e) => { const hours = e.currentTarget.value; if (hours) snooze(hours); }}>
            <option value="">Snooze …</option>
            {snoozes.map(([hours, text]) => <option key={hours} value={hours}>{text}</option>)}
          </select>
          <button type="button" disabled={!may_act} onClick={() => void move("dismissed", "Dismissed.")}>Dismiss</button>
          <label class="inline-field"><span>Owner</span>
            <input value={owner} disabled={!may_act} onInput={(e) => set_owner(e.currentTarget.value)} onBlur={() => void save_owner()}
              onKeyDown={(e) => { if (e.key === "Enter") e.currentTarget.blur(); }} />
          </label>
        </div>
      </Post>
    </li>
  );
}

export function QueueView() {
  const { brand, link } = useScope();
  const now = useNow();
  const queue = useData<Queue>(path_of("queue", { brand, limit: 50 }), ["findings", "acted"]);
  const [gone, set_gone] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLOListElement>(null);
  const leave = (id: string) => {
    const items = [...(list.current?.querySelectorAll("li") ?? [])];
    const at = items.findIndex((li) => li.contains(document.activeElement));
    set_gone((old) => new Set([...old, id]));
    // The keyboard goes on with the one that moves up into its place.
    if (at >= 0) requestAnimationFrame(() => list.current?.querySelectorAll("li")[at]?.querySelector<HTMLElement>("button.main")?.focus());
  };
  const reload = () => { set_gone(new Set()); queue.reload(); };
  return (
    <>
      <h1>Service queue</h1>
      <Show of={queue} lines={8}>{(q) => {
        const waiting = q.waiting.filter((w) => !gone.has(w.mention.id));
        return (
          <>
            <p class="faint">
              {waiting.length === q.waiting.length && q.waiting.length === 50 ? "The 50 most urgent. " : `${plural(waiting.length, "person waits", "people wait")}. `}
              <a href={link("people")}>{number(q.at_risk)} at risk</a> of leaving: their complaint or threat has no answer.
            </p>
            {waiting.length === 0
              ? <Empty>Nobody waits. Complaints, questions and requests without an answer of yours appear here within a minute of being heard.</Empty>
              : <ol class="queue" ref={list}>{waiting.map((w) => <Item key={w.mention.id} item={w} now={now} gone={leave} reload={reload} />)}</ol>}
          </>
        );
      }}</Show>
    </>
  );
}
