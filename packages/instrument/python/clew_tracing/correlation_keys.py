"""Ids that hold for everything behind a request: what `correlation-keys.json` of the protocol says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple


class CorrelationKey(NamedTuple):
    #: Key of the baggage member and of the attribute alike.
    key: str
    #: Variable that sets it for a whole process.
    variable: str
    #: Key of the id's name, which travels with it: ids and names of two sources never mix.
    name_key: str = ""
    name_variable: str = ""
    #: The name is the id where nobody gave one.
    name_defaults_to_id: bool = False


CORRELATION_KEYS = (
    CorrelationKey("session.id", "CLEW_SESSION_ID"),
    CorrelationKey("task.id", "CLEW_TASK_ID"),
    CorrelationKey("test.case.id", "CLEW_TEST_CASE_ID", "test.case.name", "CLEW_TEST_CASE_NAME", True),
    CorrelationKey("test.suite.run.id", "CLEW_TEST_SUITE_RUN_ID", "test.suite.name", "CLEW_TEST_SUITE_NAME"),
    CorrelationKey("user.id", "CLEW_USER_ID"),
)

#: Value of a key; None and empty alike mean that there is none.
Lookup = Callable[[str], "str | None"]


def merge_correlation(
    specific: Lookup, general: Lookup = lambda _: None, more: Iterable[str] = ()
) -> dict[str, str]:
    """What `specific` says, and for ids of which it says nothing, what `general` says."""
    ids: dict[str, str] = {}
    for key, _, name_key, _, name_defaults_to_id in CORRELATION_KEYS:
        own = specific(key) or (name_key and specific(name_key))
        source = specific if own else general
        found = source(key)
        if found:
            ids[key] = found
        if not name_key:
            continue
        name = source(name_key) or (found if name_defaults_to_id else None)
        if name:
            ids[name_key] = name
    for key in more:
        value = specific(key) or general(key)
        if value:
            ids[key] = value
    return ids


def ids_from_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """What `CLEW_SESSION_ID` and the other variables say."""
    given: dict[str, str] = {}
    for key, variable, name_key, name_variable, _ in CORRELATION_KEYS:
        given[key] = environment.get(variable, "").strip()
        if name_key:
            given[name_key] = environment.get(name_variable, "").strip()
    return merge_correlation(given.get)
