// Asked for once there is a token in the configuration.
import { useState } from "preact/hooks";
import { post } from "../api";
import { as_api_error } from "../data";

export function Login({ enter }: { enter: () => void }) {
  const [token, set_token] = useState("");
  const [wrong, set_wrong] = useState("");
  const [busy, set_busy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    set_busy(true);
    try {
      await post("session", { token: token.trim() });
      enter();
    } catch (error) {
      const problem = as_api_error(error);
      set_wrong(
        problem.status === 429 ? "Too many wrong tokens from here. Wait a minute and try again."
        : problem.status === 401 || problem.status === 403 ? "This token is not known, or it has expired." : problem.message,
      );
      set_busy(false);
    }
  };
  return (
    <main class="login">
      <form class="card" onSubmit={submit}>
        <h1>Earshot</h1>
        <p>This Earshot wants a token. <code>earshot token NAME --scope read</code> makes one on its machine.</p>
        <label class="field">
          <span>Token</span>
          <input type="password" autocomplete="current-password" required value={token} autofocus
            aria-invalid={wrong ? "true" : undefined} aria-describedby="login-wrong" onInput={(e) => set_token(e.currentTarget.value)} />
        </label>
        <p id="login-wrong" class="bad-text" role="alert">{wrong}</p>
        <button type="submit" class="main" disabled={busy || token.trim() === ""}>Sign in</button>
      </form>
    </main>
  );
}
