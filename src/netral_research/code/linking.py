"""Links between reports of one event, mended where the report they name was rejected."""

from __future__ import annotations

from collections.abc import Container, Mapping

Row = dict[str, str]


def link_rows(
    taken: Mapping[str, Row],
    proposed: Mapping[str, Row],
    actions: Mapping[str, str],
    standing: Container[str],
    repeated: Mapping[str, str] | None = None,
) -> tuple[dict[str, Row], dict[str, str]]:
    """Let every row link to a report that stands in ``events.csv`` or is taken too.

    Where a rejected proposal held several reports together, the first of those that remain (one that stands in
    ``events.csv`` before one that is new) takes its place.

    Parameters
    ----------
    taken : mapping of str to dict
        Accepted and corrected rows by their id, in order.
    proposed : mapping of str to dict
        All proposals by their id.
    actions : mapping of str to str
        What was decided about a proposal; a proposal without one is undecided.
    standing : container of str
        Ids that stand in ``events.csv``.
    repeated : mapping of str to str, optional
        Rejected proposals whose event stands in ``events.csv`` under another id, and that id.

    Returns
    -------
    rows : dict of str to dict
        The taken rows with mended links.
    open_links : dict of str to str
        Row id to the undecided proposal that its link leads to.

    Examples
    --------
    >>> proposed = {"A": {"same_event_as": ""}, "B": {"same_event_as": "A"}, "C": {"same_event_as": "A"}}
    >>> taken = {name: proposed[name] for name in "BC"}
    >>> rows, _ = link_rows(taken, proposed, {"A": "reject", "B": "accept", "C": "accept"}, ())
    >>> [rows[name]["same_event_as"] for name in "BC"]
    ['', 'B']
    """
    open_links: dict[str, str] = {}
    targets: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for event_id, row in taken.items():
        target, ended_at = _follow(row["same_event_as"], proposed, actions, standing, repeated or {})
        if target == event_id != row["same_event_as"]:
            target = ""  # the rejected report named this very row
        targets[event_id] = target
        if target in proposed and target not in actions and target not in standing:
            open_links[event_id] = target
        if ended_at:
            groups.setdefault(ended_at, []).append(event_id)
    for members in groups.values():
        head = next((member for member in members if member in standing), members[0])
        targets |= {member: "" if member == head else head for member in members}
    return {event_id: {**row, "same_event_as": targets[event_id]} for event_id, row in taken.items()}, open_links


def _follow(
    target: str,
    proposed: Mapping[str, Row],
    actions: Mapping[str, str],
    standing: Container[str],
    repeated: Mapping[str, str],
) -> tuple[str, str]:
    """Where a link leads past rejected proposals: a row that stays, or the rejected one at which it ends."""
    passed: list[str] = []
    while target and target not in standing and actions.get(target) == "reject" and target not in passed:
        passed.append(target)
        target = repeated.get(target) or proposed[target]["same_event_as"]
    if target in passed:  # rejected proposals that name each other: one name for all of them
        return "", min(passed)
    return target, passed[-1] if passed and not target else ""
