// The chairs, as they are now.
import { follow, keepingFocus, parsed } from "./follow.js";

const board = document.getElementById("board");

follow(location.pathname, {
  seen: () => board.querySelector("[data-seen]")?.dataset.seen ?? "",
  show: (html) => keepingFocus(board, () => board.replaceChildren(...parsed(html).childNodes)),
  old: () => (board.dataset.stale = ""),
  fresh: () => delete board.dataset.stale,
  // Taken down, or signed out: what stood here is shown to nobody.
  gone: () => location.reload(),
});
