"""A report in a notebook: its verdict, its facts, its lists as tables. Text from models is escaped; no script, no network."""

from html import escape

_most_rows = 30
_most_words = 200


def _short(value):
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, float):
        text = f"{value:.4g}"
    elif isinstance(value, int):
        text = f"{value:,}"
    elif isinstance(value, (list, tuple)):
        text = ", ".join(_short(one) for one in value[:8]) + (" …" if len(value) > 8 else "")
        return text
    else:
        text = "" if value is None else str(value)
    return escape(text if len(text) <= _most_words else text[: _most_words - 1] + "…")


def _is_table(value):
    return isinstance(value, list) and value and hasattr(value[0], "to_dict")


def _table(title, rows):
    columns = [name for name in rows[0] if not _is_table(rows[0][name]) and not hasattr(rows[0][name], "to_dict")]
    columns = [name for name in columns if name != "samples_us" and any(row[name] not in ("", None, []) for row in rows if name in row)]
    head = "".join(f'<th scope="col">{escape(name.replace("_", " "))}</th>' for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_short(row[name]) if name in row else ''}</td>" for name in columns) + "</tr>"
        for row in rows[:_most_rows]
    )
    more = f"<p>and {len(rows) - _most_rows} more</p>" if len(rows) > _most_rows else ""
    return f"<details><summary>{escape(title)} ({len(rows)})</summary><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}</details>"


def _facts(record):
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(name.replace("_", " "))}</th>'
        f'<td style="text-align:left">{_short(record[name])}</td></tr>'
        for name in record
        if not _is_table(record[name]) and not hasattr(record[name], "to_dict") and record[name] not in ("", None, [])
    )
    return f"<table><tbody>{rows}</tbody></table>"


def _verdict(record):
    if "verdict" in record:
        return record.verdict
    if "gate" in record:
        return f"gate {record.gate.status}, proof {record.proof.status}"
    return ""


def of(record, title=None):
    title = title or type(record).__name__
    verdict = _verdict(record) if title == type(record).__name__ else ""
    parts = [f"<strong>{escape(title)}{': ' if verdict else ''}{escape(verdict)}</strong>", _facts(record)]
    for name in record:
        value = record[name]
        if _is_table(value):
            parts.append(_table(name.replace("_", " "), value))
        elif hasattr(value, "to_dict"):
            parts.append(f"<details><summary>{escape(name.replace('_', ' '))}</summary>{of(value, name)}</details>")
    return "<div>" + "".join(parts) + "</div>"
