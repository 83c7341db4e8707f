// What was sent where, what waits, and what was given up until somebody sends it again.
import { act } from "../action";
import { path_of, post } from "../api";
import { useData, useNow } from "../data";
import { moment, number, relative, words } from "../format";
import { useScope } from "../scope";
import { Card } from "./bits";
import { Empty, Problem } from "./states";

interface Destination {
  destination: string; queued: number; retrying: number; dead: number; sent: number; failures: number;
  paused_until: string | null; last_ok_at: string | null; last_error: string;
}
interface Delivery {
  id: string; destination: string; state: "waiting" | "sending" | "delivered" | "dead" | "dropped"; kind: string; key: string;
  attempts: number; created_at: string; next_at: string; settled_at: string | null; last_error: string;
}
interface Deliveries { destinations: Destination[]; deliveries: Delivery[] }

export function DeliveriesCard() {
  const { may_act } = useScope();
  const now = useNow();
  const found = useData<Deliveries>(path_of("deliveries", { limit: 12 }), ["findings", "acted"]);
  // A daemon that does not tell has nothing to show here.
  if (found.error?.status === 404 || (!found.data && !found.error)) return null;
  const send = async (d: Delivery, verb: "retry" | "drop") => {
    if (await act(() => post(`deliveries/${d.id}/${verb}`, {}), verb === "retry" ? "It is sent again." : "Dropped.")) found.reload();
  };
  const { deliveries = [], destinations = [] } = found.data ?? {};
  return (
    <Card id="deliveries" title="Deliveries">
      {found.error && <Problem error={found.error} retry={found.reload} />}
      {destinations.length > 0 && (
        <ul class="short-list">{destinations.map((d) => (
          <li key={d.destination}>
            <p class="facts">
              <bdi class="author">{d.destination}</bdi>
              <span class={`tag ${d.failures > 0 || d.dead > 0 ? "negative" : "positive"}`}>{d.failures > 0 ? `failed ${number(d.failures)} times in a row` : d.dead > 0 ? `${number(d.dead)} given up` : "ok"}</span>
              <span class="small">{number(d.sent)} sent{d.queued > 0 && `, ${number(d.queued)} waiting`}</span>
              {d.last_ok_at && <span class="small faint">last {relative(d.last_ok_at, now)}</span>}
              {d.paused_until && Date.parse(d.paused_until) > now && <span class="small faint">tried again {relative(d.paused_until, now)}</span>}
            </p>
            {d.failures > 0 && d.last_error && <p class="bad-text small" dir="auto">{d.last_error}</p>}
          </li>
        ))}</ul>
      )}
      {deliveries.length === 0 ? <Empty>Nothing was sent yet. A [[destination]] in the configuration names who is told what.</Empty> : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Deliveries, as a table">
          <table>
            <thead><tr><th scope="col">What</th><th scope="col">Where</th><th scope="col">State</th><th scope="col">When</th></tr></thead>
            <tbody>{deliveries.map((d) => {
              const at = d.settled_at ?? d.next_at;
              return (
                <tr key={d.id}><th scope="row">{words(d.kind)} <span class="faint small" dir="auto">{d.key}</span></th><td><bdi>{d.destination}</bdi></td>
                  <td><span class={`tag ${d.state === "delivered" ? "positive" : d.state === "dead" ? "negative" : "unscored"}`}>{d.state === "dead" ? "given up" : d.state}</span>{" "}
                    {d.state === "dead" && <><button type="button" class="link" disabled={!may_act} onClick={() => void send(d, "retry")}>Send again</button>{" "}<button type="button" class="link" disabled={!may_act} onClick={() => void send(d, "drop")}>Drop</button></>}
                    {d.last_error && d.state !== "delivered" && <span class="bad-text small" dir="auto"> {d.last_error}</span>}</td>
                  <td><time dateTime={at} title={moment(at)}>{relative(at, now)}</time></td></tr>
              );
            })}</tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
