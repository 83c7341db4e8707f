// Who waits for an answer, most urgent first, with the points that put them there and what to do about it.
import { useEffect, useRef, useState } from "preact/hooks";
import { act, say } from "../action";
import { path_of, post } from "../api";
import type { Responses } from "../findings";
import { useData, useNow } from "../data";
import { moment, money, number, percent, plural, relative, span, words } from "../format";
import { Post } from "../parts/post";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import type { Queue, QueueState, Roi, Waiting } from "../types";

const page_size = 20;
const snoozes = [["4", "4 hours"], ["24", "Tomorrow"], ["72", "3 days"], ["168", "A week"]] as const;

/** When an answer is due by the target, and whether that is over. */
function Due({ at, now }: { at: string; now: number }) {
  const over = now > Date.parse(at);
  const soon = !over && Date.parse(at) - now < 3_600_000;
  return <time class={`tag ${over ? "negative" : soon ? "watch" : "unscored"}`} dateTime={at} title={`due ${moment(at)}`}>{over ? `overdue for ${span((now - Date.parse(at)) / 1000)}` : `due ${relative(at, now)}`}</time>;
}

/** What is at stake while these people wait, beside the assumptions it rests on. */
function Exposure() {
  const { brand, since, until, link } = useScope();
  const roi = useData<Roi>(path_of("roi", { brand, since, until }), ["findings", "acted"]);
  const times = useData<Responses>(path_of("responses", { brand, since, until }), ["findings"]);
  const r = roi.data;
  const a = r?.assumptions;
  const t = times.data?.targets;
  if (!r) return null;
  return (
    <p class="faint small">
      {r.exposure && a?.leaves_unanswered && a.saved_customer
        ? <><strong>{money(r.exposure, a.currency)}</strong> at risk: {plural(r.waiting_people, "person", "people")} × {percent(a.leaves_unanswered.expected)} ({percent(a.leaves_unanswered.low)} to {percent(a.leaves_unanswered.high)}) who leave × {money(a.saved_customer, a.currency)}. </>
        : <>No money is shown: no [[money]] in the configuration says what a customer is worth. </>}
      {t && <>Targets in open hours: urgent {t.high_s ? span(t.high_s) : "–"}, less urgent {t.medium_s ? span(t.medium_s) : "–"}, the rest {t.low_s ? span(t.low_s) : "–"}. <a href={link("replies")}>How soon were people answered?</a></>}
    </p>
  );
}

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
      <Post mention={item.mention} now={now} head={<><span class="priority"><span class="unseen">Priority </span>{item.priority}</span>{item.due_at && <Due at={item.due_at} now={now} />}</>}>
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
  const { brand, link, route } = useScope();
  const now = useNow();
  // A link to one of the waiting must find it, however far down it stands.
  const [limit, set_limit] = useState(route.id ? 200 : page_size);
  const queue = useData<Queue>(path_of("queue", { brand, limit }), ["findings", "acted"], true);
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
              {q.waiting.length >= limit ? `The ${limit} most urgent. ` : `${plural(waiting.length, "person waits", "people wait")}. `}
              <a href={link("stories")}>{number(q.at_risk)} at risk</a> of leaving: their complaint or threat has no answer.
            </p>
            <Exposure />
            {waiting.length === 0
              ? <Empty>Nobody waits. Complaints, questions and requests without an answer of yours appear here within a minute of being heard.</Empty>
              : <ol class="queue" ref={list}>{waiting.map((w) => <Item key={w.mention.id} item={w} now={now} gone={leave} reload={reload} />)}</ol>}
            {q.waiting.length >= limit && <p><button type="button" onClick={() => set_limit(limit + page_size)}>Show more</button></p>}
          </>
        );
      }}</Show>
    </>
  );
}
