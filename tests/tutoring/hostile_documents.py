"""Documents that mean harm: each as (OLX, the most CPU seconds and megabytes that reading it may take).

As a program it reads each in a process of its own and prints what that took, as JSON.
"""

import json
import os
import resource
import sys
import time

from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.xml_source import MAX_BYTES

STEP = '<step skills="s"><numeric answer="1"/><hint bottom_out="true">1</hint></step>'
SOUND = f'<item id="sound">{STEP}</item>'


def document(content, root=""):
    """A document with a skill, a sound item and what it is attacked with."""
    return f'<adaptive_problem_set {root}><skill id="s" name="S"/>{SOUND}{content}</adaptive_problem_set>'


def item(content):
    """An item of that content and a step."""
    return f'<item id="bad">{content}{STEP}</item>'


def filled(one, most=2_000_000):
    """A document of so many bytes, full of items by number."""
    return document("".join(one(number) for number in range(most // len(one(99_999)))))


def lists(n):
    """Names by number."""
    return " ".join(f"k{number}" for number in range(n))


ENTITIES = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
LAUGHS = f'<!DOCTYPE a [<!ENTITY e0 "ha">{ENTITIES}]>'
ATTRIBUTES = " ".join(f'a{n}=""' for n in range(100_000))
SMALL = {
    "billion laughs": LAUGHS + document("&e9;"),
    "laughs in an attribute": LAUGHS + document("", 'display_name="&e9;"'),
    "quadratic entity": f'<!DOCTYPE a [<!ENTITY e "{"x" * 50_000}">]>{document("&e;" * 50_000)}',
    "entity that holds itself": f'<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]>{document("&a;")}',
    "parameter entities": '<!DOCTYPE a [<!ENTITY % b "boom"><!ENTITY % a "%b;%b;"> %a;]>' + document("&x;"),
    "attribute defaults": f'<!DOCTYPE a [<!ATTLIST item title CDATA "boom">]>{document(item(""))}',
    "instructions": document('<?xml-stylesheet href="file:///etc/passwd"?><?php system("id")?>' * 10_000),
    "instructions before": '<?a?>' * 200_000 + document(""),
    "comments before": "<!--" * 500_000 + document(""),
    "deep": document("<b>" * 10_000 + "</b>" * 10_000),
    "deep in a text": document(item("<prompt>" + "<b>" * 10_000 + "</b>" * 10_000 + "</prompt>")),
    "deep hints": document(item("<step><numeric answer='1'/>" + "<hint>" * 240 + "</hint>" * 240 + "</step>")),
    "one huge attribute": document(f'<item id="bad" title="{"a" * 7_000_000}">{STEP}</item>'),
    "huge attribute of the root": document("", f'person="{"a" * 7_000_000}"'),
    "100,000 attributes": document(f"<item {ATTRIBUTES}>{STEP}</item>"),
    "100,000 attributes of the root": document("", ATTRIBUTES),
    "20,000 namespaces": document(item(""), " ".join(f'xmlns:n{n}="u{n}"' for n in range(20_000))),
    "namespaces in an item": document(
        "<item " + " ".join(f'xmlns:n{n}="u"' for n in range(40)) + f"><prompt>{'<b/>' * 2_000}</prompt>{STEP}</item>"),
    "100,000 skills": document("".join(f'<skill id="k{n}" name="K"/>' for n in range(100_000))),
    "2,000 skills that require each other": document(
        "".join(f'<skill id="k{n}" name="K" requires="{lists(700)}"/>' for n in range(1_000))),
    "2,000 skills in a circle": document(
        "".join(f'<skill id="k{n}" name="K" requires="k{(n + 1) % 1_900}"/>' for n in range(1_900))),
    "a million names": document(f'<item id="bad" skills="{lists(1_000_000)}">{STEP}</item>'),
    "100,000 misconceptions": document("".join(f'<misconception id="k{n}"/>' for n in range(100_000))),
    "misconception without id": document('<misconception remediation="item:zz"/>'),
    "100,000 hints": document(item("<step><numeric answer='1'/>" + "<hint>h</hint>" * 100_000 + "</step>")),
    "100,000 inputs": document(item("<step>" + "<numeric answer='1'/>" * 100_000 + "</step>")),
    "100,000 variables": document(item("".join(f'<variable name="v{n}" is="1"/>' for n in range(100_000)))),
    "a million placeholders": document(item("<prompt>" + "{@1@}" * 1_000_000 + "</prompt>")),
    "a million places": document(item("<prompt>" + "[[input:a]]" * 600_000 + "</prompt>")),
    "a million formulas": document(item("<prompt>" + r"\(x\)" * 1_000_000 + "</prompt>")),
    "formulas without end": document(item("<prompt>" + r"\(" * 1_000_000 + "</prompt>")),
    "deep formula": document(item("<prompt>" + "".join((r"\(", r"\sqrt{" * 300, "}" * 300, r"\)")) + "</prompt>")),
    "a million unknown elements": document("<zz/>" * 1_000_000),
    "a million comments": document("<!--x-->" * 900_000),
    "an endless expression": document(item(f'<where>{"(" * 100_000}</where>')),
    "an endless list": document(
        item(f'<step><numeric id="a" answer="1"/><wrong inputs="a b" answer="{"1," * 500_000}"/></step>')),
    "NUL": document("\x00"),
    "surrogates": document("\ud800\udfff" * 1000),
    "control characters": document("".join(map(chr, range(1, 32)))),
    "non-characters": document("\ufffe\uffff"),
    "UTF-16 said": '<?xml version="1.0" encoding="UTF-16"?>' + document(""),
    "UTF-7 said": '<?xml version="1.0" encoding="UTF-7"?>' + document("+ADw-script+AD4-"),
    "no such encoding": '<?xml version="1.0" encoding="evil"?>' + document(""),
    "XML 1.1": '<?xml version="1.1"?>' + document("&#1;"),
    "too long": "<adaptive_problem_set>" + " " * MAX_BYTES + "</adaptive_problem_set>",
    "too long in bytes": "<adaptive_problem_set>" + "€" * 2_700_000 + "</adaptive_problem_set>",
    "no root": " " * 1_000_000,
    "two roots": document("") * 2,
    "never closed": "<adaptive_problem_set>" * 300_000,
    "a value that grows": document(
        item('<variable name="l" is="1..900"/><prompt>' + "{@l@}" * 18_000 + "</prompt>")),
    "conditions that are never true": document(
        item('<variable name="a" values="1..1000"/><variable name="b" values="1..1000"/><where>a &lt; 0</where>')),
    "lists that fill the memory": document(
        item("".join(f'<variable name="v{n}" is="1..1000"/>' for n in range(100)))),
}
LARGE = {
    "100,000 problems": document("".join(f'<item id="i{n}">{STEP}</item>' for n in range(72_000)) + "<item/>" * 28_000),
    "10,000 problems": document("".join(
        f'<item id="i{n}" title="t"><variable name="a" values="2..9"/><step id="s" skills="s"><prompt>What is {{@a@}} '
        '+ 1?</prompt><numeric answer="a + 1"/><hint bottom_out="true">It is {@a+1@}.</hint></step></item>'
        for n in range(10_000))),
    "slow conditions": filled(
        lambda n: f'<item id="i{n}"><variable name="a" values="1..999"/>'
                  f'<where>{"+".join(["sqrt(a)"] * 100)} &gt; 0</where>{STEP}</item>'),
    "full of help": filled(
        lambda n: f'<item id="i{n}"><step skills="s"><numeric answer="1"/>{"<hint>x</hint>" * 100}</step></item>'),
}


def figures(name):
    """What reading one of the documents takes, measured in a child process."""
    text = {**SMALL, **LARGE}[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    found = parse_document(text)
    seconds = time.process_time() - begun
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {
        "seconds": seconds, "megabytes": megabytes, "items": len(found.items), "sound": "sound" in found.items,
        "errors": [f"{fault.problem} {fault.remedy}" for fault in found.errors[:3]],
    }


def main():
    """Print the figures of the documents named, or of all, a line of JSON each."""
    for name in sys.argv[1:] or [*SMALL, *LARGE]:
        if child := os.fork():
            _pid, status = os.waitpid(child, 0)
            if status:
                print(json.dumps({"name": name, "died": status}), flush=True)
        else:
            print(json.dumps({"name": name, **figures(name)}), flush=True)
            os._exit(0)


if __name__ == "__main__":
    main()
