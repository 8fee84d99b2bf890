"""
Write `docs/order-707.md`: paragraph → what it asks → where it lives → its tests. `make order` runs this.
"""

from tests.order.reading import places, proofs, rules
from tests.tidy.tree import ROOT

PAGE = ROOT / "docs" / "order-707.md"
HEAD = """# Order No. 707, paragraph by paragraph

Made by `make order` from the citations in the code and the `@pytest.mark.rule` marks of the tests; not to be edited by hand.
The law is the Order of the Deputy Prime Minister – Minister of Finance of the Republic of Kazakhstan of 27 June 2023 No. 707
(as amended by No. 122 of 14.03.2025 and No. 505 of 17.09.2025). D1–D32 are what we decided where it is silent.

"""


def page():
    """
    The page as a whole.
    """
    return HEAD + table() + "".join(section(rule, asks) for rule, asks in rules().items())


def title(rule):
    """
    A rule as people write it: `§28`, `D4`.
    """
    return rule if rule.startswith("D") else f"§{rule}"


def table():
    """
    All rules at a glance.
    """
    rows = (f"| {title(rule)} | {asks} | {len(places()[rule])} | {len(proofs().get(rule, {}))} |" for rule, asks in rules().items())
    return "\n".join(("| rule | asks | files | tests |", "|---|---|---:|---:|", *rows)) + "\n"


def section(rule, asks):
    """
    One rule: what it asks, the files that carry it, the claims that prove it.
    """
    lives = ", ".join(f"[`{name}`](../{name})" for name in places()[rule]) or "the tests below alone"
    claims = "".join(f"- {claim} (`{test}`)\n" for test, claim in proofs().get(rule, {}).items())
    count = len(proofs().get(rule, {}))
    return (
        f"\n## {title(rule)}\n\n{asks}\n\nLives in: {lives}.\n\n"
        f"<details><summary>Proved by {count} test{'' if count == 1 else 's'}</summary>\n\n{claims}\n</details>\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(rules())} rules")  # noqa: T201
