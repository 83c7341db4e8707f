import assert from "node:assert/strict";
import { test } from "node:test";
import { view_of, with_origin } from "../../src/links";
import { group_of } from "../../src/parts/tabs";

test("an address of the API becomes a view, anything else none", () => {
  assert.equal(view_of("/api/v1/mentions?brand=A%26b&counted=true"), "#/mentions?brand=A%26b&counted=true");
  assert.equal(view_of("/api/v1/mentions"), "#/mentions");
  for (const other of ["javascript:alert(1)", "https://example.org/api/v1/mentions?x", "/api/v1/mentionsx", ""]) assert.equal(view_of(other), null);
});

test("a saved report leads back to where it was saved, and words stay as they are", () => {
  const here = "http://127.0.0.1:8765";
  assert.equal(with_origin('<a href="/#/mentions?brand=A">1</a> <a href="https://x.example/">post</a> <a href="//x.example">', "html", here),
    `<a href="${here}/#/mentions?brand=A">1</a> <a href="https://x.example/">post</a> <a href="//x.example">`);
  assert.equal(with_origin("[1](/#/queue?brand=A) ([post](https://x.example/))", "markdown", here), `[1](${here}/#/queue?brand=A) ([post](https://x.example/))`);
  assert.equal(with_origin('a,b,c,1,/#/queue\r\na,b,c,2,"/#/mentions?x=1,2"\r\n', "csv", here), `a,b,c,1,${here}/#/queue\r\na,b,c,2,"${here}/#/mentions?x=1,2"\r\n`);
  assert.equal(with_origin("href=\"/x", "text", here), "href=\"/x");
});

test("every page stands under one tab of the head", () => {
  for (const [view, tab] of [["queue", "queue"], ["promises", "queue"], ["idea", "ideas"], ["misled", "misled"], ["stories", "people"], ["kpis", "drivers"]]) assert.equal(group_of(view ?? ""), tab);
  assert.equal(group_of("nonsense"), undefined);
});
