"use strict";
(() => {
  // Everything shown is set as text; nothing from articles or cells is ever read as markup.
  const data = JSON.parse(byId("review-data").textContent);
  const columns = new Map(data.columns.map((name, number) => [name, number]));
  const fields = data.fields;
  const proposals = data.proposals.map((row) => ({
    article: row.article,
    values: row.values,
    told: Object.fromEntries(data.coded.map((name, place) => [name, row.told[place]])),
    id: row.values[columns.get("event_id")],
  }));
  const placeOf = new Map(proposals.map((proposal, place) => [proposal.id, place]));
  const eventIds = new Set(data.eventIds);
  const law = new RegExp(data.law, "u");
  const STORE = "netral-review-" + data.key;
  const PREFERENCES = "netral-review-preferences";
  const PAGE = 50;
  const FORMULA = /^(?:[=@]|[+\-](?![\d.,\s%]*$)|[\t\r])/u;

  const state = { actions: new Map(), edits: new Map(), notes: new Map(), at: 0 };
  const preferences = { language: "id", shortcuts: true };
  const history = [];
  let focused = fields[0].name;
  let open = null;
  let listPage = 0;
  let unsaved = false;
  let keeps = true;

  // --- Small helpers -------------------------------------------------------------------------------------------

  function byId(id) { return document.getElementById(id); }

  function make(tag, properties = {}, children = []) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
      else element[name] = value;
    }
    element.append(...children);
    return element;
  }

  const words = () => data.words[preferences.language];
  function say(key, values = {}) {
    return words().page[key].replace(/\{(\w+)\}/gu, (_, name) => String(values[name] ?? ""));
  }
  const title = (name) => (name === "same_event_as" ? say("field.link") : words().titles[name]);
  const label = (name, term) => words().terms[name]?.[term] ?? term;
  const parts = (cell) => cell.split(";").map((part) => part.trim()).filter(Boolean);
  const fold = (name) => name.replace(/[\s.\-'\u2019]+/gu, " ").trim().toLowerCase();
  const number = (count) => new Intl.NumberFormat(preferences.language).format(count);

  // --- Values and decisions ------------------------------------------------------------------------------------

  const current = () => proposals[state.at];
  const proposed = (proposal, name) => proposal.values[columns.get(name)];
  const value = (proposal, name) => state.edits.get(proposal.id)?.[name] ?? proposed(proposal, name);
  const isChanged = (proposal) => Object.keys(state.edits.get(proposal.id) ?? {}).length > 0;

  function actionOf(proposal) {
    const action = state.actions.get(proposal.id);
    return action === "accept" && isChanged(proposal) ? "correct" : action ?? "undecided";
  }

  function edit(proposal, name, written) {
    const kind = fields.find((field) => field.name === name).kind;
    const isList = ["list", "terms", "laws", "province", "regency"].includes(kind);
    const line = written.replace(/\s+/gu, " ").trim();
    const edits = { ...state.edits.get(proposal.id) };
    edits[name] = isList ? parts(line).join(";") : line;
    if (edits[name] === proposed(proposal, name)) delete edits[name];
    if (Object.keys(edits).length) state.edits.set(proposal.id, edits);
    else state.edits.delete(proposal.id);
    if (name === "date_start" && precision(line) !== null) edit(proposal, "date_precision", precision(line));
  }

  function precision(date) {
    const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/u.exec(date);
    if (!date) return "";
    if (!match || Number(match[1]) < 1) return null;
    const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
    const real = new Date(0);
    real.setUTCFullYear(year, month - 1, day);
    if (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) return null;
    return match[3] ? "day" : match[2] ? "month" : "year";
  }

  // --- Checks: what netral accept would refuse, told while it can be mended ---------------------------------------

  function problems(proposal) {
    const found = new Map();
    for (const field of fields) {
      const told = cellProblem(field, value(proposal, field.name), proposal);
      if (told) found.set(field.name, told);
    }
    const [start, end] = [value(proposal, "date_start"), value(proposal, "date_end")];
    const wanted = precision(start);
    if (wanted !== null && value(proposal, "date_precision") !== wanted && !found.has("date_precision")) {
      const told = wanted ? say("check.precision", { value: label("date_precision", wanted) }) : say("check.precision_empty");
      found.set("date_precision", told);
    }
    // As far as the coarser of both dates tells; an end without a beginning comes too early as well.
    const length = Math.min(start.length, end.length);
    if (end && !found.has("date_end") && (!start || end.slice(0, length) < start.slice(0, length))) {
      found.set("date_end", say("check.order"));
    }
    return found;
  }

  function cellProblem(field, cell, proposal) {
    if (!cell) return field.required ? say("check.required") : "";
    if (FORMULA.test(cell)) return say("check.formula");
    switch (field.kind) {
      case "term": return field.terms.includes(cell) ? "" : say("check.term", { value: cell });
      case "terms": return firstWrong("check.term", parts(cell), (part) => field.terms.includes(part));
      case "laws": return firstWrong("check.law", parts(cell), (part) => law.test(part));
      case "date": return precision(cell) === null ? say("check.date") : "";
      case "integer": return /^\d{1,15}$/u.test(cell) ? "" : say("check.number");
      case "province": return firstWrong("check.province", parts(cell), (part) => provinceCode(part));
      case "regency": return firstWrong("check.regency", parts(cell), (part) => regencyCode(part, value(proposal, "province")));
      case "link":
        if (cell === proposal.id) return say("check.link_self");
        return placeOf.has(cell) || eventIds.has(cell) ? "" : say("check.link", { value: cell });
      default: return "";
    }
  }

  function firstWrong(key, cells, isRight) {
    const wrong = cells.find((cell) => !isRight(cell));
    return wrong === undefined ? "" : say(key, { value: wrong });
  }

  function provinceCode(name) {
    const codes = data.regions.provinceNames[fold(name)] ?? [];
    return codes.length === 1 ? codes[0] : "";
  }

  function regencyCode(name, provinces) {
    const within = new Set(parts(provinces).map(provinceCode));
    const kind = /^(Kabupaten|Kota)\s+/iu.exec(name);
    let codes = data.regions.regencyNames[fold(name)] ?? [];
    if (!codes.length && kind) {
      const isCity = kind[1].toLowerCase() === "kota";
      codes = (data.regions.regencyNames[fold(name.slice(kind[0].length))] ?? [])
        .filter((code) => data.regions.regencies[code][0].startsWith("Kota ") === isCity);
    }
    const inside = codes.filter((code) => data.regions.regencies[code][1].some((province) => within.has(province)));
    return inside.length === 1 ? inside[0] : "";
  }

  // What cannot be seen in one cell: links to what is not taken, rows that are recorded already.
  function warnings(proposal) {
    const found = [];
    const target = value(proposal, "same_event_as");
    if (placeOf.has(target) && !eventIds.has(target)) {
      const action = state.actions.get(target);
      if (!action) found.push(say("check.link_open", { value: target }));
      if (action === "reject") found.push(say("check.link_rejected", { value: target }));
    }
    if (eventIds.has(proposal.id)) found.push(say("check.there"));
    else {
      const other = repeated(proposal);
      if (other) found.push(say("check.repeated", { value: other }));
    }
    return found;
  }

  function repeated(proposal) {
    const sorted = (cell) => parts(cell).sort().join(";");
    const key = data.repeatedBy.map((name) => sorted(value(proposal, name))).join("|");
    const standing = (data.events[data.articles[proposal.article].id] ?? [])
      .find((row) => data.repeatedBy.map((name) => sorted(row[name])).join("|") === key);
    if (standing) return standing.event_id;
    const twin = siblings(proposal).find((other) => other !== proposal && state.actions.get(other.id) === "accept"
      && data.repeatedBy.map((name) => sorted(value(other, name))).join("|") === key);
    return twin?.id ?? "";
  }

  function siblings(proposal) {
    const place = placeOf.get(proposal.id);
    let [first, after] = [place, place + 1];
    while (first > 0 && proposals[first - 1].article === proposal.article) first -= 1;
    while (after < proposals.length && proposals[after].article === proposal.article) after += 1;
    return proposals.slice(first, after);
  }

  function needsAttention(proposal) {
    if (state.actions.get(proposal.id) !== "accept") return false;
    if (problems(proposal).size || repeated(proposal)) return true;
    const target = value(proposal, "same_event_as");
    return placeOf.has(target) && !eventIds.has(target) && !state.actions.has(target);
  }

  const FILTERS = {
    all: () => true,
    undecided: (proposal) => !state.actions.has(proposal.id),
    low: (proposal) => value(proposal, "confidence") === "low" || data.doubted.some((name) => isDoubtful(proposal, name)),
    accept: (proposal) => actionOf(proposal) === "accept",
    correct: (proposal) => actionOf(proposal) === "correct",
    reject: (proposal) => actionOf(proposal) === "reject",
    attention: needsAttention,
  };
  const isDoubtful = (proposal, name) => proposal.told[name][0] === "low" && proposed(proposal, name) !== "";
  const passes = (proposal) => FILTERS[byId("filter").value || "all"](proposal);

  // --- The article, with its evidence ---------------------------------------------------------------------------

  // Evidence counts characters; a string here counts UTF-16 units, of which some characters take two.
  function unitOffsets(text) {
    if (!/[\ud800-\udfff]/u.test(text) && !/[\u{10000}-\u{10ffff}]/u.test(text)) return (offset) => Math.min(offset, text.length);
    const offsets = [0];
    for (const character of text) offsets.push(offsets[offsets.length - 1] + character.length);
    return (offset) => offsets[Math.min(offset, offsets.length - 1)];
  }

  function evidence(proposal, text) {
    const unit = unitOffsets(text);
    const spans = [];
    for (const name of data.coded) {
      for (const [start, end] of proposal.told[name][2]) {
        if (unit(start) < unit(end)) spans.push({ name, start: unit(start), end: unit(end) });
      }
    }
    return spans;
  }

  function markedText(text, spans) {
    const bounds = [...new Set([0, text.length, ...spans.flatMap((span) => [span.start, span.end])])].sort((a, b) => a - b);
    const fragment = document.createDocumentFragment();
    bounds.slice(0, -1).forEach((start, place) => {
      const piece = text.slice(start, bounds[place + 1]);
      const names = [...new Set(spans.filter((span) => span.start <= start && span.end > start).map((span) => span.name))];
      if (!names.length) fragment.append(piece);
      else {
        const mark = make("mark", { textContent: piece, title: names.map(title).join(", ") });
        mark.dataset.fields = names.join(" ");
        fragment.append(mark);
      }
    });
    return fragment;
  }

  function showArticle() {
    const article = data.articles[current().article];
    byId("article-title").textContent = article.title || say("page.no_title", { source: article.id });
    const published = article.published[preferences.language] || say("page.no_date");
    const told = [article.id, article.publisher, published].filter(Boolean).join(" · ");
    const source = byId("article-source");
    source.replaceChildren(told);
    if (article.url) {
      source.append(" · ", make("a", { href: article.url, target: "_blank", rel: "noopener noreferrer", textContent: say("page.open_source") }));
    }
    const notes = [];
    if (article.text === null) notes.push(say("page.no_text"));
    if (article.changed) notes.push(say("page.text_changed"));
    if (article.cut) notes.push(say("page.text_cut"));
    byId("article-notice").textContent = notes.join(" ");
    byId("article-notice").hidden = !notes.length;
    byId("text").replaceChildren(markedText(article.text ?? "", evidence(current(), article.text ?? "")));
    byId("text").hidden = article.text === null;
    strengthen(true);
  }

  function strengthen(scroll) {
    let first = null;
    for (const mark of byId("text").querySelectorAll("mark")) {
      const isStrong = mark.dataset.fields.split(" ").includes(focused);
      mark.classList.toggle("strong", isStrong);
      first ??= isStrong ? mark : null;
    }
    if (!scroll) return;
    const box = byId("text");
    if (box.scrollHeight <= box.clientHeight) return;
    const [inside, top] = [box.getBoundingClientRect(), (first ?? box).getBoundingClientRect()];
    if (!first) box.scrollTop = 0;
    else if (top.top < inside.top || top.bottom > inside.bottom) box.scrollTop += top.top - inside.top - box.clientHeight / 3;
  }

  // --- The fields -----------------------------------------------------------------------------------------------

  const rows = new Map();

  function buildFields() {
    for (const field of fields) {
      const row = {
        name: make("span", { className: "name" }),
        shown: make("span", { className: "shown" }),
        level: make("span", { className: "level" }),
        change: make("span", { className: "hidden" }),
        detail: make("div", { className: "detail", id: `detail-${field.name}` }),
        editor: make("div", { className: "editor", hidden: true, tabIndex: -1 }),
      };
      row.button = make("button", { type: "button", className: "value", "aria-describedby": row.detail.id },
        [row.name, " ", row.shown, " ", row.level, row.change]);
      row.button.addEventListener("click", () => openEditor(field));
      row.button.addEventListener("focus", () => chooseField(field.name));
      row.item = make("li", { className: "field" }, [row.button, row.editor, row.detail]);
      rows.set(field.name, row);
      byId("fields").append(row.item);
    }
  }

  function shownValue(field, cell) {
    if (!cell) return say("field.empty");
    if (field.kind === "term") return label(field.name, cell);
    if (field.kind === "terms") return parts(cell).map((part) => label(field.name, part)).join(", ");
    if (field.kind === "date") return shownDate(cell);
    return field.kind === "link" || field.kind === "integer" ? cell : parts(cell).join("; ");
  }

  function shownDate(cell) {
    const known = precision(cell);
    if (!known || known === "year") return cell;
    const form = known === "day" ? { weekday: "long", day: "numeric" } : {};
    const day = new Date(`${cell}${known === "day" ? "" : "-01"}T00:00:00Z`);
    return new Intl.DateTimeFormat(preferences.language === "id" ? "id-ID" : "en-GB", { ...form, month: "long", year: "numeric", timeZone: "UTC" }).format(day);
  }

  function showFields() {
    const proposal = current();
    const wrong = problems(proposal);
    for (const field of fields) showField(proposal, field, wrong.get(field.name) ?? "");
    const group = siblings(proposal);
    byId("fields-heading").textContent = say("page.fields", { number: group.indexOf(proposal) + 1, total: group.length });
    showSiblings(group);
    const action = actionOf(proposal);
    byId("state").textContent = `${proposal.id} · ${say("state." + action)}`;
    byId("state").dataset.action = action;
    byId("note").value = state.notes.get(proposal.id) ?? "";
    byId("accept-text").textContent = say(isChanged(proposal) ? "action.accept_changed" : "action.accept");
    const notes = [...warnings(proposal), ...standingNotes(proposal)];
    byId("fields-notice").replaceChildren(...notes.flatMap((note, place) => (place ? [make("br"), note] : [note])));
    byId("fields-notice").hidden = !notes.length;
  }

  function showField(proposal, field, problem) {
    const row = rows.get(field.name);
    const cell = value(proposal, field.name);
    const [level, reason, spans] = proposal.told[field.name] ?? ["", "", []];
    const changed = cell !== proposed(proposal, field.name);
    row.name.textContent = title(field.name);
    const meant = reason ? words().reasons[reason] ?? reason : "";
    row.shown.textContent = cell || !meant ? shownValue(field, cell) : `${say("field.empty")} · ${meant}`;
    row.shown.classList.toggle("empty", !cell);
    row.level.textContent = !level || changed ? "" : label("confidence", level);
    row.level.dataset.level = changed ? "" : level;
    row.change.textContent = `, ${say("action.change")}`;
    row.item.classList.toggle("changed", changed);
    row.item.classList.toggle("sure", level === "high" && !changed && !problem);
    row.item.classList.toggle("wrong", problem !== "");
    row.item.classList.toggle("chosen", field.name === focused);
    const told = [];
    if (problem) told.push(make("p", { className: "problem", textContent: problem }));
    if (changed) {
      told.push(make("p", { textContent: say("field.changed", { value: shownValue(field, proposed(proposal, field.name)) }) }));
    }
    if (meant && cell) told.push(make("p", { className: "reason", textContent: meant }));
    const quotes = quoted(proposal, spans);
    if (quotes) told.push(quotes);
    row.detail.replaceChildren(...told);
  }

  function quoted(proposal, spans) {
    const text = data.articles[proposal.article].text;
    if (!spans.length || !text) return null;
    const unit = unitOffsets(text);
    const seen = [...new Set(spans.map(([start, end]) => text.slice(unit(start), unit(end)).replace(/\s+/gu, " ")))].filter(Boolean);
    const shortened = (quote) => (quote.length > 90 ? `${[...quote].slice(0, 85).join("")}…` : quote);
    const quotes = seen.slice(0, 3).map((quote) => `“${shortened(quote)}”`).join(", ") + (seen.length > 3 ? ", …" : "");
    return make("p", { className: "quote" }, [`${say("field.read_from")} `, make("bdi", { lang: "id", textContent: quotes })]);
  }

  function showSiblings(group) {
    byId("siblings").hidden = group.length < 2;
    byId("siblings").replaceChildren(...(group.length < 2 ? [] : group.map((proposal, place) => {
      const button = make("button", { type: "button", textContent: `${place + 1} · ${say("state." + actionOf(proposal))}` });
      if (proposal === current()) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => {
        go(placeOf.get(proposal.id));
        byId("siblings").children[place].focus();
      });
      return button;
    })));
  }

  function standingNotes(proposal) {
    const same = repeated(proposal);
    const standing = (data.events[data.articles[proposal.article].id] ?? []).filter((row) => row.event_id !== same);
    if (!standing.length || eventIds.has(proposal.id)) return [];
    const told = standing.map((row) => [row.event_id, row.date_start || say("page.existing_undated"),
      parts(row.regency).join(", ") || parts(row.province).join(", ") || say("page.existing_national"),
      label("event_type", row.event_type)].join(" · "));
    return [`${say("page.existing")}: ${told.join("; ")}`];
  }

  function chooseField(name) {
    if (focused !== name) rows.get(focused).item.classList.remove("chosen");
    focused = name;
    rows.get(name).item.classList.add("chosen");
    strengthen(true);
  }

  // --- Editing --------------------------------------------------------------------------------------------------

  function openEditor(field) {
    if (open) closeEditor(true, false);
    chooseField(field.name);
    const row = rows.get(field.name);
    const cell = value(current(), field.name);
    open = { field, proposal: current(), ...EDITORS[field.kind === "terms" ? "terms" : field.kind === "term" ? "term" : "text"](field, cell) };
    const restore = make("button", { type: "button", className: "plain", textContent: say("action.restore") });
    restore.addEventListener("click", () => {
      edit(open.proposal, field.name, proposed(open.proposal, field.name));
      closeEditor(false, true);
    });
    const isChangedHere = cell !== proposed(current(), field.name);
    const about = make("p", { className: "hint", id: "editor-about", textContent: words().about[field.name] });
    open.first.setAttribute("aria-describedby", `${open.first.getAttribute("aria-describedby") ?? ""} ${about.id}`.trim());
    const control = make("div", {}, [...open.elements, about, ...(isChangedHere ? [restore] : [])]);
    row.editor.replaceChildren(make("p", { className: "name", textContent: title(field.name), "aria-hidden": "true" }), control);
    row.editor.hidden = false;
    open.first.focus();
    row.button.hidden = true; // hidden before, it would lose the focus to nothing
    if (open.first.select) open.first.select();
  }

  const EDITORS = {
    term(field, cell) {
      const select = make("select", { "aria-label": title(field.name), "aria-describedby": `detail-${field.name}` });
      const terms = [...(field.required && cell ? [] : [""]), ...field.terms, ...(cell && !field.terms.includes(cell) ? [cell] : [])];
      for (const term of terms) select.append(make("option", { value: term, textContent: term ? label(field.name, term) : say("field.empty") }));
      select.value = cell;
      return { elements: [select], first: select, read: () => select.value };
    },
    terms(field, cell) {
      const chosen = parts(cell);
      const boxes = [...field.terms, ...chosen.filter((term) => !field.terms.includes(term))].map((term, place) =>
        [term, make("input", { type: "checkbox", id: `term-${place}`, checked: chosen.includes(term) })]);
      const group = make("fieldset", {}, [make("legend", { className: "hidden", textContent: say("field.choices", { field: title(field.name) }) }),
        ...boxes.map(([term, box]) => make("label", { className: "chip", for: box.id }, [box, label(field.name, term)]))]);
      const read = () => {
        const now = boxes.filter(([, box]) => box.checked).map(([term]) => term);
        return [...chosen.filter((term) => now.includes(term)), ...now.filter((term) => !chosen.includes(term))].join(";");
      };
      return { elements: [group], first: boxes[0][1], read };
    },
    text(field, cell) {
      const hints = { date: "field.date_hint", link: "field.link_hint", integer: "" };
      const hint = make("p", { className: "hint", id: "editor-hint", textContent: hints[field.kind] === "" ? "" : say(hints[field.kind] ?? "field.list_hint") });
      const input = make("input", { type: "text", value: cell, autocomplete: "off", spellcheck: false, "aria-label": title(field.name), "aria-describedby": `editor-hint detail-${field.name}` });
      if (field.kind === "integer") input.inputMode = "numeric";
      const names = suggestions(field);
      if (!names.length) return { elements: [input, hint], first: input, read: () => input.value };
      const list = make("datalist", { id: "suggestions" });
      input.setAttribute("list", "suggestions");
      // The list completes the last of several names.
      const fill = () => {
        const before = field.kind === "link" ? "" : input.value.slice(0, input.value.lastIndexOf(";") + 1);
        const written = fold(input.value.slice(before.length));
        const fitting = names.filter((name) => fold(name).includes(written)).slice(0, 60);
        list.replaceChildren(...fitting.map((name) => make("option", { value: before + name })));
      };
      input.addEventListener("input", fill);
      fill();
      return { elements: [input, list, hint], first: input, read: () => input.value };
    },
  };

  function suggestions(field) {
    if (field.kind === "province") return Object.values(data.regions.provinces).sort();
    if (field.kind === "link") return [...proposals.map((proposal) => proposal.id), ...data.eventIds];
    if (field.kind !== "regency") return [];
    const within = new Set(parts(value(current(), "province")).map(provinceCode));
    return Object.values(data.regions.regencies)
      .filter(([, provinces]) => !within.size || provinces.some((code) => within.has(code)))
      .map(([name]) => (name.startsWith("Kota ") ? name : `Kabupaten ${name}`)).sort();
  }

  function closeEditor(keep, refocus) {
    if (!open) return;
    const { field, proposal, read } = open;
    open = null;
    if (keep) edit(proposal, field.name, read());
    const row = rows.get(field.name);
    row.editor.replaceChildren();
    row.editor.hidden = true;
    row.button.hidden = false;
    store();
    show(false);
    if (refocus) row.button.focus();
  }

  function onEditorKey(event) {
    if (event.key === "Escape" || (event.key === "Enter" && event.target.tagName !== "BUTTON")) {
      event.preventDefault();
      event.stopPropagation();
      closeEditor(event.key === "Enter", true);
    }
  }

  function onEditorLeave(event) {
    const leaving = open && rows.get(open.field.name).editor;
    if (!leaving || leaving.contains(event.relatedTarget)) return;
    // A window that loses the focus closes nothing.
    if (event.relatedTarget || document.hasFocus()) closeEditor(true, false);
  }

  // --- Deciding and walking -------------------------------------------------------------------------------------

  function decide(action) {
    closeEditor(true, false);
    const proposal = current();
    if (action === "accept") {
      const wrong = problems(proposal);
      if (wrong.size) {
        rows.get(wrong.keys().next().value).button.focus();
        return tell(say("said.mend_first", { count: wrong.size }));
      }
    }
    history.push([proposal.id, state.actions.get(proposal.id)]);
    state.actions.set(proposal.id, action);
    unsaved = true;
    store();
    const said = say(`said.${actionOf(proposal)}`, { id: proposal.id });
    const next = find(1, (other) => passes(other) && !state.actions.has(other.id), true);
    if (next !== null) return go(next, said);
    show(false);
    return tell(`${said} ${proposals.some((other) => !state.actions.has(other.id)) ? say("filter.none") : say("said.all_decided")}`);
  }

  function undo() {
    closeEditor(true, false);
    const last = history.pop();
    if (!last) return tell(say("said.nothing_to_undo"));
    const [id, before] = last;
    if (before === undefined) state.actions.delete(id);
    else state.actions.set(id, before);
    unsaved = true;
    store();
    return go(placeOf.get(id), say("said.undone", { id }));
  }

  function find(step, test, around) {
    const total = proposals.length;
    for (let moved = 1; moved < total + (around ? 1 : 0); moved += 1) {
      const place = state.at + step * moved;
      if (!around && (place < 0 || place >= total)) return null;
      const wrapped = ((place % total) + total) % total;
      if (test(proposals[wrapped])) return wrapped;
    }
    return null;
  }

  function step(direction) {
    closeEditor(true, false);
    const place = find(direction, passes, false);
    return place === null ? tell(say("filter.none")) : go(place);
  }

  function nextUndecided() {
    closeEditor(true, false);
    const place = find(1, (proposal) => !state.actions.has(proposal.id), true);
    return place === null ? tell(say("said.all_decided")) : go(place);
  }

  function go(place, said = "") {
    closeEditor(true, false);
    const inFields = byId("main").contains(document.activeElement) || document.activeElement === document.body;
    const sameArticle = proposals[place].article === current().article && said === "";
    state.at = place;
    show(true);
    store();
    if (!sameArticle) byId("text").scrollTop = 0;
    strengthen(true);
    window.scrollTo(0, 0);
    if (inFields) byId("fields-heading").focus({ preventScroll: true });
    const where = say("page.position", { number: number(place + 1), total: number(proposals.length) });
    tell(`${said} ${where}: ${current().id}`.trim());
  }

  const tell = (told) => { byId("status").textContent = told; };

  // --- Showing --------------------------------------------------------------------------------------------------

  function show(withArticle) {
    const done = state.actions.size;
    byId("progress").max = proposals.length;
    byId("progress").value = done;
    byId("progress").setAttribute("aria-label", say("page.progress_label"));
    byId("progress-text").textContent = say("page.progress", { done: number(done), total: number(proposals.length) });
    byId("position").textContent = say("page.position", { number: number(state.at + 1), total: number(proposals.length) });
    showFields();
    if (withArticle) showArticle();
  }

  function showLanguage() {
    document.documentElement.lang = preferences.language;
    document.title = say("page.title");
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
    for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === preferences.language));
    }
    const chosen = byId("filter").value || "all";
    byId("filter").replaceChildren(...Object.keys(FILTERS).map((key) => make("option", { value: key, textContent: say(`filter.${key}`) })));
    byId("filter").value = chosen;
    show(true);
  }

  function showList() {
    const places = proposals.map((_, place) => place).filter((place) => passes(proposals[place]));
    const pages = Math.max(1, Math.ceil(places.length / PAGE));
    listPage = Math.min(Math.max(0, listPage), pages - 1);
    byId("list-count").textContent = places.length ? say("said.filtered", { count: number(places.length) }) : say("filter.none");
    byId("list-items").start = listPage * PAGE + 1;
    byId("list-items").replaceChildren(...places.slice(listPage * PAGE, (listPage + 1) * PAGE).map((place) => {
      const proposal = proposals[place];
      const about = [value(proposal, "regency") || value(proposal, "province"), label("event_type", value(proposal, "event_type"))];
      const button = make("button", { type: "button" }, [make("strong", { textContent: proposal.id }),
        ` ${data.articles[proposal.article].title || about.filter(Boolean).join(", ")} `,
        make("span", { className: "state", textContent: say("state." + actionOf(proposal)) })]);
      button.lastChild.dataset.action = actionOf(proposal);
      if (place === state.at) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => {
        byId("list").close();
        go(place);
        byId("fields-heading").focus({ preventScroll: true });
      });
      return make("li", {}, [button]);
    }));
    byId("list-fewer").disabled = listPage === 0;
    byId("list-more").disabled = listPage >= pages - 1;
  }

  function openList() {
    closeEditor(true, false);
    const places = proposals.map((_, place) => place).filter((place) => passes(proposals[place]));
    listPage = Math.floor(Math.max(0, places.indexOf(state.at)) / PAGE);
    showList();
    byId("list").showModal();
    byId("list-items").querySelector("[aria-current]")?.focus();
  }

  // --- Keeping, saving, loading ---------------------------------------------------------------------------------

  function store() {
    const kept = { actions: [...state.actions], edits: [...state.edits], notes: [...state.notes], at: state.at };
    try {
      localStorage.setItem(STORE, JSON.stringify(kept));
    } catch {
      if (keeps) tell(say("said.not_kept"));
      keeps = false;
    }
  }

  function restore() {
    try {
      Object.assign(preferences, JSON.parse(localStorage.getItem(PREFERENCES) ?? "{}"));
      if (!data.words[preferences.language]) preferences.language = "id";
      const kept = JSON.parse(localStorage.getItem(STORE) ?? "null");
      if (!kept) return 0;
      for (const name of ["actions", "edits", "notes"]) state[name] = new Map(kept[name].filter(([id]) => placeOf.has(id)));
      state.at = proposals[kept.at] ? kept.at : 0;
      return state.actions.size;
    } catch {
      return 0;
    }
  }

  function keepPreferences() {
    try {
      localStorage.setItem(PREFERENCES, JSON.stringify(preferences));
    } catch {
      keeps = false;
    }
  }

  const safeCell = (cell) => {
    const line = cell.replace(/\s+/gu, " ").trim();
    return FORMULA.test(line) ? `'${line}` : line;
  };
  const csvCell = (cell) => (/[",\n\r]/u.test(cell) ? `"${cell.replaceAll("\"", "\"\"")}"` : cell);

  function decisionsText() {
    const lines = [data.saved];
    for (const proposal of proposals) {
      if (!state.actions.has(proposal.id)) continue;
      const cells = data.columns.slice(1).map((name) => value(proposal, name));
      lines.push([proposal.id, actionOf(proposal), state.notes.get(proposal.id) ?? "", ...cells].map(safeCell));
    }
    return lines.map((cells) => cells.map(csvCell).join(",") + "\n").join("");
  }

  function save() {
    closeEditor(true, false);
    const count = state.actions.size;
    if (!count) return tell(say("said.nothing_to_save"));
    const address = URL.createObjectURL(new Blob([decisionsText()], { type: "text/csv;charset=utf-8" }));
    const link = make("a", { href: address, download: "decisions.csv" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    unsaved = false;
    const attention = proposals.filter(needsAttention).length;
    return tell(say(attention ? "said.saved_attention" : "said.saved", { count: number(count), attention: number(attention) }));
  }

  function parseCsv(text) {
    const lines = [[""]];
    let quoted = false;
    for (let place = 0; place < text.length; place += 1) {
      const sign = text[place];
      const line = lines[lines.length - 1];
      if (quoted && sign === "\"" && text[place + 1] === "\"") { line[line.length - 1] += sign; place += 1; }
      else if (sign === "\"") quoted = !quoted;
      else if (!quoted && sign === ",") line.push("");
      else if (!quoted && (sign === "\n" || sign === "\r")) { if (line.length > 1 || line[0]) lines.push([""]); }
      else line[line.length - 1] += sign;
    }
    return lines.filter((line) => line.length > 1 || line[0]);
  }

  function load(text) {
    const [head, ...lines] = parseCsv(text.replace(/^\ufeff/u, ""));
    if (!head || data.saved.some((name) => !head.includes(name))) return tell(say("said.not_loaded"));
    closeEditor(true, false);
    let count = 0;
    for (const line of lines) {
      const row = Object.fromEntries(head.map((name, place) => [name, (line[place] ?? "").trim()]));
      const place = placeOf.get(row.event_id);
      if (place === undefined || !["accept", "correct", "reject"].includes(row.action)) continue;
      loadRow(proposals[place], row);
      count += 1;
    }
    history.length = 0;
    store();
    show(true);
    return tell(say(count < lines.length ? "said.loaded_some" : "said.loaded", { count: number(count), skipped: number(lines.length - count) }));
  }

  function loadRow(proposal, row) {
    const plain = (cell) => (cell[0] === "'" && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell);
    state.actions.set(proposal.id, row.action === "reject" ? "reject" : "accept");
    state.edits.delete(proposal.id);
    if (data.columns.slice(1).some((name) => row[name])) {
      // The first day last: it sets the precision, which the file tells by itself.
      for (const field of [...fields].sort((a) => (a.name === "date_start" ? -1 : 0))) edit(proposal, field.name, plain(row[field.name]));
    }
    if (row.note) state.notes.set(proposal.id, plain(row.note));
    else state.notes.delete(proposal.id);
  }

  // --- Keys and buttons -----------------------------------------------------------------------------------------

  const KEYS = {
    a: () => decide("accept"), r: () => decide("reject"), u: undo, n: nextUndecided, s: save,
    j: () => step(1), k: () => step(-1), arrowright: () => step(1), arrowleft: () => step(-1),
    e: () => openEditor(fields.find((field) => field.name === focused)), "?": () => byId("help").showModal(),
  };

  function onKey(event) {
    if (!preferences.shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (document.querySelector("dialog[open]") || event.target.closest?.("input, select, textarea, .editor")) return;
    const action = KEYS[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  }

  function listen() {
    document.addEventListener("keydown", onKey);
    byId("fields").addEventListener("keydown", onEditorKey);
    byId("fields").addEventListener("focusout", onEditorLeave);
    const clicks = {
      "accept-button": KEYS.a, "reject-button": KEYS.r, "undo-button": undo, "undecided-button": nextUndecided,
      "save-button": save, "previous-button": KEYS.k, "next-button": KEYS.j, "help-button": KEYS["?"],
      "list-button": openList, "load-button": () => byId("load-file").click(),
      "list-more": () => { listPage += 1; showList(); }, "list-fewer": () => { listPage -= 1; showList(); },
    };
    for (const [id, action] of Object.entries(clicks)) byId(id).addEventListener("click", action);
    for (const button of document.querySelectorAll("dialog .close")) button.addEventListener("click", () => button.closest("dialog").close());
    for (const button of document.querySelectorAll("[data-language]")) {
      button.addEventListener("click", () => {
        closeEditor(true, false);
        preferences.language = button.dataset.language;
        keepPreferences();
        showLanguage();
        tell("");
      });
    }
    byId("text").addEventListener("click", (event) => {
      const mark = event.target.closest("mark");
      if (mark) rows.get(mark.dataset.fields.split(" ")[0]).button.focus();
    });
    byId("note").addEventListener("change", () => {
      const note = byId("note").value.replace(/\s+/gu, " ").trim();
      if (note) state.notes.set(current().id, note);
      else state.notes.delete(current().id);
      unsaved = true;
      store();
    });
    byId("note").addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "Escape") byId("fields-heading").focus();
    });
    byId("filter").addEventListener("change", () => {
      const count = proposals.filter(passes).length;
      const place = count && !passes(current()) ? find(1, passes, true) : null;
      if (place !== null) go(place);
      tell(count ? say("said.filtered", { count: number(count) }) : say("filter.none"));
    });
    byId("use-shortcuts").addEventListener("change", (event) => {
      preferences.shortcuts = event.target.checked;
      keepPreferences();
      tell(say(preferences.shortcuts ? "said.shortcuts_on" : "said.shortcuts_off"));
    });
    byId("load-file").addEventListener("change", async (event) => {
      const [file] = event.target.files;
      if (file) load(await file.text());
      event.target.value = "";
    });
    window.addEventListener("beforeunload", (event) => { if (unsaved && !keeps) event.preventDefault(); });
  }

  const restored = restore();
  byId("use-shortcuts").checked = preferences.shortcuts;
  buildFields();
  listen();
  showLanguage();
  store();
  if (restored) tell(say("said.restored", { count: number(restored) }));
})();
