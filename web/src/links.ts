// An address of the API becomes the dashboard's view of the same.
/** "/api/v1/mentions?brand=A&counted=true" → "#/mentions?brand=A&counted=true"; of anything else null. */
export function view_of(url: string): string | null {
  const found = /^\/api\/v1\/mentions(\?.*)?$/.exec(url);
  return found ? `#/mentions${found[1] ?? ""}` : null;
}

/** What a report's own numbers lead to, made absolute: a file that is sent on still leads back here. */
export function with_origin(text: string, format: string, origin: string): string {
  switch (format) {
    case "html": return text.replace(/href="\/(?!\/)/g, `href="${origin}/`);
    case "markdown": return text.replace(/\]\(\/(?!\/)/g, `](${origin}/`);
    case "csv": return text.replace(/,("?)\/(#|api)\//g, `,$1${origin}/$2/`);
    default: return text;
  }
}
