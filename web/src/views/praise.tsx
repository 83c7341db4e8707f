// Who deserves a thank-you: say it where they wrote, then tick it off here.
import { useState } from "preact/hooks";
import { act, say } from "../action";
import { path_of, post } from "../api";
import { useData, useNow } from "../data";
import type { Praise } from "../findings";
import { plural, words } from "../format";
import { outside } from "../parts/bits";
import { Post } from "../parts/post";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";

export function PraiseView() {
  const { brand, link, may_act } = useScope();
  const now = useNow();
  const found = useData<Praise>(path_of("queue", { kind: "praise", brand, limit: 50 }), ["findings", "acted"], true);
  const [gone, set_gone] = useState<ReadonlySet<string>>(new Set());
  const send = (id: string, state: string) => post(`queue/${id}`, { brand, state });
  const settle = async (id: string, state: "done" | "dismissed", done: string) => {
    const undo = () => void act(() => send(id, "waiting"), "Back in the list.").then(() => { set_gone(new Set()); found.reload(); });
    if (await act(() => send(id, state), "")) {
      set_gone((old) => new Set([...old, id]));
      say(done, undo);
    }
  };
  return (
    <>
      <h1>Praise without thanks</h1>
      <Show of={found} lines={8}>{({ praise }) => {
        const list = praise.flatMap((p) => (p.mention && !gone.has(p.mention.id) ? [{ ...p, mention: p.mention }] : []));
        return list.length === 0
          ? <Empty>Nobody waits for thanks. Praise of the last 28 days without a reply of yours appears here.</Empty>
          : (
            <>
              <p class="faint">{plural(list.length, "person", "people")} who praised and heard nothing, those first whose word carries far. Answer where they wrote; a reply of yours takes them off the list by itself.</p>
              <ol class="queue">{list.map(({ mention, priority, reasons }) => (
                <li key={mention.id} class="queue-item">
                  <Post mention={mention} now={now} head={<span class="priority good"><span class="unseen">Priority </span>{priority}</span>}>
                    <p class="points small">{Object.entries(reasons).map(([name, points]) => <span key={name} class="chip soft">{words(name)} +{points}</span>)}</p>
                    <div class="buttons">
                      {outside(mention.url) && <a class="button" href={outside(mention.url) ?? ""} target="_blank" rel="noopener noreferrer nofollow ugc">Say thanks<span class="unseen"> (opens the platform)</span></a>}
                      <button type="button" class="main" disabled={!may_act} onClick={() => void settle(mention.id, "done", "Thanked.")}>Thanked</button>
                      <button type="button" disabled={!may_act} onClick={() => void settle(mention.id, "dismissed", "Left without thanks.")}>Not needed</button>
                      <a href={link("people", "", { kind: "raver" })}>Others who praise</a>
                    </div>
                  </Post>
                </li>
              ))}</ol>
            </>
          );
      }}</Show>
    </>
  );
}
