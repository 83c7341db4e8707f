// A text becomes a file on the reader's machine; nothing leaves the page.
export function save_text(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replace(/[^\p{L}\p{N}._-]+/gu, "-");
  link.click();
  // The browser reads it after this; revoked at once it would be empty.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
