/**
 * The budget grid by keyboard: arrows and Enter between cells, a block pasted from a spreadsheet,
 * undo and redo, and sums while one types. Money is counted in whole pence, exactly. Without this
 * script the grid is a plain form that saves the same.
 */
const STREAM = "stream-";
const CELL = "[class^=app-c-] > input";
const POUNDS = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/;
const SPACES = /[\s\u00a0\u2009\u202f]+/g;

/** Pence of what is typed; null where it is no amount. Nothing typed is nought. */
export function pence(typed) {
  const text = typed.replace(SPACES, "").replace(/^£/, "");
  if (!text) return 0n;
  const found = POUNDS.exec(text);
  if (!found) return null;
  return BigInt(found[1].replaceAll(",", "")) * 100n + BigInt((found[2] || "0").padEnd(2, "0"));
}

/** £1,174,983, with pence only where there are some. */
export function pounds(amount) {
  const size = amount < 0n ? -amount : amount;
  const whole = (size / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = size % 100n;
  return `${amount < 0n ? "−" : ""}£${whole}${rest ? `.${rest.toString().padStart(2, "0")}` : ""}`;
}

/** Unit cost × volume × weeks in pence, halves up; or the plain sum; null where it is neither. */
export function cost({ unit, volume, weeks, plain }) {
  const has = (typed) => typed.trim() !== "";
  if (has(plain)) return has(unit) ? null : pence(plain);
  if (!has(unit)) return 0n;
  const [price, many] = [pence(unit), has(volume) ? pence(volume) : null];
  const long = has(weeks) ? pence(weeks) : 100n;
  if (price === null || many === null || long === null) return null;
  return (price * many * long + 5000n) / 10000n;
}

/** Parts of an amount by hundredths of a per cent, which add up to it when those make a hundred. */
export function shares(amount, parts) {
  const total = parts.reduce((sum, part) => sum + part, 0n);
  if (total !== 10000n) return null;
  const found = parts.map((part) => (amount * part) / total);
  const rest = parts.map((part, at) => ({ at, rest: (amount * part) % total }));
  let left = amount - found.reduce((sum, part) => sum + part, 0n);
  rest.sort((one, other) => Number(other.rest - one.rest) || one.at - other.at);
  for (let next = 0; left > 0n; next += 1, left -= 1n) found[rest[next].at] += 1n;
  return found;
}

/** What each part comes to in pence, also of parts that make no hundred; null where one is null. */
export function portions(amount, parts) {
  const whole = parts.includes(null) ? null : shares(amount, parts);
  return whole ?? parts.map((part) => (part === null ? null : (amount * part + 5000n) / 10000n));
}

/** A copied block as rows of cells; a cell in quotation marks may hold tabs and ends of line. */
export function block(text) {
  const rows = [[]];
  let [cell, quoted, fresh] = ["", false, true];
  const source = text.replace(/\r\n?/g, "\n");
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') (cell += '"'), (at += 1);
      else quoted = false;
    } else if (sign === '"' && fresh) quoted = true;
    else if (sign === "\t" || sign === "\n") {
      rows.at(-1).push(cell.trim());
      if (sign === "\n") rows.push([]);
      cell = "";
    } else cell += sign;
    fresh = !quoted && (sign === "\t" || sign === "\n");
  }
  if (cell || rows.at(-1).length) rows.at(-1).push(cell.trim());
  if (!rows.at(-1).length) rows.pop();
  return rows;
}

const count = (number, one, many) => `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;

class Budget {
  constructor(form) {
    this.form = form;
    this.table = form.querySelector("table");
    this.told = document.querySelector("[data-told]");
    this.undoButton = document.querySelector("[data-undo]");
    this.redoButton = document.querySelector("[data-redo]");
    this.restButton = document.querySelector("[data-paste-rest]");
    this.done = [];
    this.undone = [];
    this.rest = null;
    this.dirty = false;
    this.held = null;
    document.querySelector("[data-budget-help]").hidden = false;
    form.addEventListener("focusin", (event) => this.hold(event.target));
    form.addEventListener("change", (event) => this.keep(event.target));
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("paste", (event) => this.paste(event));
    form.addEventListener("submit", () => (this.leaving = true));
    addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.leaving) event.preventDefault();
    });
    this.undoButton.addEventListener("click", () => this.undo());
    this.redoButton.addEventListener("click", () => this.redo());
    this.restButton.addEventListener("click", () => this.pasteRest());
    form.querySelector("[data-add-rows]").addEventListener("click", (event) => {
      event.preventDefault();
      this.addRows(5);
      this.tell("5 rows are added at the end.");
    });
    // What came back from the server with errors, or changed, is not saved either.
    this.dirty = Boolean(document.querySelector(".govuk-error-summary"));
  }

  rows() {
    return [...this.table.tBodies[0].rows];
  }

  cells(row) {
    return [...row.querySelectorAll(CELL)];
  }

  tell(words) {
    this.told.textContent = words;
  }

  /* Undo and redo: a step is a list of cells with what they said before and after. */

  hold(input) {
    this.held = input.matches?.(CELL) ? { input, before: input.value } : null;
  }

  keep(input) {
    if (input.type === "checkbox") return this.removal(input);
    if (!this.held || this.held.input !== input || this.held.before === input.value) return;
    this.did([{ input, before: this.held.before, after: input.value }]);
    this.held.before = input.value;
  }

  removal(box) {
    box.closest("tr").classList.toggle("app-budget__row--going", box.checked);
    this.dirty = true;
    this.totals();
  }

  did(step) {
    if (!step.length) return;
    this.done.push(step);
    this.undone = [];
    this.buttons();
  }

  undo() {
    if (this.held) this.keep(this.held.input);
    this.replay(this.done, this.undone, "before", "Undone");
  }

  redo() {
    this.replay(this.undone, this.done, "after", "Done again");
  }

  replay(from, to, side, words) {
    const step = from.pop();
    if (!step) return this.tell(side === "before" ? "There is nothing to undo." : "There is nothing to do again.");
    this.set(step, side);
    to.push(step);
    step[0].input.focus();
    this.hold(step[0].input);
    this.buttons();
    this.tell(`${words}: ${count(step.length, "cell", "cells")}.`);
  }

  /** Put what a step says into its cells, and add up once. */
  set(step, side) {
    for (const change of step) {
      change.input.value = change[side];
      this.right(change.input);
    }
    this.dirty = true;
    this.totals();
  }

  /** A cell that was wrong is typed again: the service says whether it is right. */
  right(input) {
    input.removeAttribute("aria-invalid");
    input.parentElement.classList.remove("is-wrong");
  }

  buttons() {
    this.undoButton.disabled = !this.done.length;
    this.redoButton.disabled = !this.undone.length;
  }

  typed(input) {
    if (!input.matches(CELL)) return;
    this.dirty = true;
    this.right(input);
    this.totals();
  }

  /* Moving between cells. */

  key(event) {
    const input = event.target;
    if (!input.matches(CELL)) return;
    const control = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    if (control && !event.altKey && (letter === "z" || letter === "y")) {
      event.preventDefault();
      if (letter === "y" || event.shiftKey) this.redo();
      else this.undo();
      return;
    }
    if (control || event.altKey || event.isComposing) return;
    const step = this.step(event, input);
    if (!step) return;
    event.preventDefault();
    this.go(input, ...step);
  }

  /** How far a key moves, by rows and columns; nothing where the key is the cell's own. */
  step(event, input) {
    const back = event.shiftKey;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    // Once one types in a listed cell, the arrows choose from its list.
    const choosing = input.list && this.held && input.value !== this.held.before;
    switch (event.key) {
      case "Enter":
        return [back ? -1 : 1, 0];
      case "ArrowDown":
        return choosing || back ? null : [1, 0];
      case "ArrowUp":
        return choosing || back ? null : [-1, 0];
      case "ArrowLeft":
        return !back && (whole || input.selectionEnd === 0) ? [0, -1] : null;
      case "ArrowRight":
        return !back && (whole || input.selectionStart === input.value.length) ? [0, 1] : null;
      default:
        return null;
    }
  }

  go(input, down, right) {
    const rows = this.rows();
    const row = input.closest("tr");
    const place = this.cells(row).indexOf(input);
    const next = this.cells(rows[rows.indexOf(row) + down] || row)[place + right];
    if (!next) return;
    this.keep(input);
    next.focus();
    next.select();
  }

  /* Pasting a block. */

  paste(event) {
    const input = event.target;
    if (!input.matches(CELL)) return;
    const found = block(event.clipboardData.getData("text/plain"));
    if (found.length < 2 && (found[0] || []).length < 2) return;
    event.preventDefault();
    this.put(input, found);
  }

  /** Fill from a cell on to the right and down. What does not fit is said, and kept to hand. */
  put(input, found) {
    this.keep(input);
    const rows = this.rows();
    const first = rows.indexOf(input.closest("tr"));
    const left = this.cells(rows[first]).indexOf(input);
    const step = [];
    let beside = 0;
    found.forEach((cells, down) => {
      const inputs = rows[first + down] ? this.cells(rows[first + down]) : null;
      cells.forEach((text, right) => {
        const target = inputs?.[left + right];
        if (target) step.push({ input: target, before: target.value, after: text });
        else if (inputs) beside += 1;
      });
    });
    this.set(step, "after");
    this.did(step);
    this.hold(document.activeElement);
    const below = found.slice(rows.length - first);
    this.rest = below.length ? { rows: below, left } : null;
    this.restButton.hidden = !this.rest;
    const said = [`Pasted ${count(step.length, "cell", "cells")}.`];
    if (below.length) {
      const named = below.slice(0, 3).map((cells) => cells.find(Boolean) || "an empty row").join("; ");
      said.push(
        `${count(below.length, "row", "rows")} did not fit below the last row: ${named}${below.length > 3 ? " and more" : ""}.`,
      );
    }
    if (beside) said.push(`${count(beside, "cell", "cells")} did not fit beyond the last column.`);
    this.tell(said.join(" "));
  }

  pasteRest() {
    const { rows, left } = this.rest;
    const start = this.rows().length;
    this.addRows(rows.length);
    const target = this.cells(this.rows()[start])[left];
    target.focus();
    this.put(target, rows);
  }

  /** Empty rows at the end, made from the last new one. */
  addRows(many) {
    const body = this.table.tBodies[0];
    const keys = this.rows().map((row) => Number(/^new-(\d+)$/.exec(row.dataset.row)?.[1] || 0));
    let last = Math.max(0, ...keys);
    const pattern = this.rows().at(-1);
    for (let made = 0; made < many; made += 1) {
      last += 1;
      const row = pattern.cloneNode(true);
      const was = row.dataset.row;
      const key = `new-${last}`;
      row.dataset.row = key;
      row.classList.remove("app-budget__row--going");
      const head = row.querySelector("th");
      head.id = `r-${key}`;
      head.innerHTML = `New<span class="govuk-visually-hidden"> line ${last}</span>`;
      for (const input of this.cells(row)) {
        input.name = input.name.replace(was, key);
        input.removeAttribute("id");
        input.setAttribute(
          "aria-labelledby",
          input.getAttribute("aria-labelledby").replace(`r-${was}`, `r-${key}`),
        );
        input.removeAttribute("aria-describedby");
        input.removeAttribute("aria-invalid");
        input.setAttribute("value", "");
        input.value = "";
        input.parentElement.classList.remove("is-wrong");
      }
      row.querySelectorAll(".app-budget__said, ul, [type=checkbox]").forEach((one) => one.remove());
      row.querySelectorAll("[data-cost], [data-standing]").forEach((one) => (one.textContent = ""));
      body.append(row);
    }
  }

  /* Sums while one types. */

  typedIn(row) {
    const found = { streams: {} };
    for (const input of this.cells(row)) {
      const name = input.name.slice(input.name.indexOf(".") + 1);
      if (name.startsWith(STREAM)) found.streams[name.slice(STREAM.length)] = input.value;
      else found[name] = input.value;
    }
    return found;
  }

  sums(row) {
    const typed = this.typedIn(row);
    const whole = cost({
      unit: typed.unit_cost,
      volume: typed.volume,
      weeks: typed.weeks,
      plain: typed.plain_sum,
    });
    const streams = Object.entries(typed.streams).map(([code, text]) => [code, text.trim()]);
    const shared = streams.filter(([, text]) => text.endsWith("%"));
    const parts = shared.map(([, text]) => pence(text.slice(0, -1)));
    const come = whole === null ? parts.map(() => null) : portions(whole, parts);
    const split = new Map(shared.map(([code], at) => [code, come[at]]));
    const taken = streams.map(([code, text]) => [code, split.has(code) ? split.get(code) : pence(text)]);
    return { whole, taken };
  }

  totals() {
    const taken = {};
    let [whole, paid] = [0n, 0n];
    for (const row of this.rows()) {
      const blank = this.cells(row).every((input) => !input.value);
      const sums = blank ? null : this.sums(row);
      const known = sums && sums.whole !== null && sums.taken.every(([, part]) => part !== null);
      const own = sums ? sums.taken.reduce((sum, [, part]) => sum + (part ?? 0n), 0n) : 0n;
      row.querySelector("[data-cost]").textContent =
        blank || sums.whole === null ? "" : pounds(sums.whole);
      this.standing(row.querySelector("[data-standing]"), blank || !known ? null : sums.whole - own);
      if (blank || row.classList.contains("app-budget__row--going")) continue;
      whole += sums.whole ?? 0n;
      paid += own;
      for (const [code, part] of sums.taken) taken[code] = (taken[code] ?? 0n) + (part ?? 0n);
    }
    this.feet(taken, whole, paid);
  }

  feet(taken, whole, paid) {
    const foot = this.table.tFoot;
    // Joint plans may take more of a stream than there is of it: then less than nothing is left.
    const held = [...foot.querySelectorAll("[data-have]")].map(({ dataset: { have } }) =>
      have.startsWith("-") ? -pence(have.slice(1)) : pence(have),
    );
    const over = [...foot.querySelectorAll("[data-over]")];
    [...foot.querySelectorAll("[data-taken]")].forEach((cell, at) => {
      const sum = taken[cell.dataset.taken] ?? 0n;
      cell.textContent = pounds(sum);
      this.standing(over[at], held[at] - sum);
    });
    foot.querySelector("[data-total]").textContent = pounds(whole);
    this.standing(foot.querySelector("[data-standing]"), whole - paid);
    const summary = document.querySelector("[data-whole]");
    summary.textContent = `Lines cost ${pounds(whole)}; streams pay ${pounds(paid)}: `;
    this.standing(summary.appendChild(document.createElement("span")), whole - paid);
  }

  /** In full, so much under, or so much over: a word and a shape, not a colour alone. */
  standing(cell, left) {
    cell.replaceChildren();
    if (left === null) return;
    const word = document.createElement("span");
    const tone = left === 0n ? "good" : left > 0n ? "watch" : "bad";
    word.className = `app-verdict app-verdict--${tone}`;
    word.textContent =
      left === 0n ? "In full" : `${pounds(left < 0n ? -left : left)} ${left > 0n ? "under" : "over"}`;
    cell.append(word);
  }
}

if (typeof document !== "undefined") {
  document.querySelectorAll("[data-budget]").forEach((form) => new Budget(form));
}
