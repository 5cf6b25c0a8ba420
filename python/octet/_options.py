"""Options by name: `target="avx2"` lands where octet.h wants it, {"planning": {"target": "avx2"}}."""

from ._tables import OPTIONS


def nest(verb, given):
    places = OPTIONS[verb]
    out = {}
    for name, value in given.items():
        if name not in places:
            raise TypeError(_unknown(verb, name, places))
        if value is None:
            continue
        within = out
        for struct in places[name]:
            within = within.setdefault(struct, {})
        if isinstance(value, dict) and isinstance(within.get(name), dict):
            within[name].update(_plain(value))
        else:
            within[name] = _plain(value)
    return out


def _unknown(verb, name, places):
    from difflib import get_close_matches

    near = get_close_matches(name, places, 1)
    return f"octet.{verb}() has no option {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _plain(value):
    """Paths, tuples, sets, reports and NumPy's numbers as JSON has them."""
    if isinstance(value, (str, bool, int, float)) or value is None:
        return value
    if hasattr(value, "__fspath__"):
        return value.__fspath__()
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{value!r} cannot be an option")

