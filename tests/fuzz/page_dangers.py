"""What in the HTML of a block could run, load or redirect, or pass for the block's own: by elements, not by words."""

import re

import lxml.html

FORBIDDEN = frozenset(
    "script iframe frame frameset object embed applet base meta link style template noscript portal fencedframe "
    "foreignobject animate animatetransform animatemotion set use image marquee title area map param".split()
)
URL_ATTRIBUTES = frozenset(
    "href src srcset poster action formaction cite data longdesc background ping manifest icon dynsrc lowsrc".split()
)
#: What browsers take away from the ends of an address; from its middle they take tabs and line ends.
_STRIPPED = "".join(map(chr, range(0x21)))
SCHEMES = frozenset({"http", "https", "mailto"})
#: Elements that a block has of its own, with the attributes that they may have there.
OWN = {
    "form": {"method", "class", "data-ax-form", "data-step", "novalidate", "autocomplete"},
    "svg": {"class", "viewbox", "width", "height", "aria-hidden", "focusable"},
    "circle": {"cx", "cy", "r", "class"},
    "path": {"d", "class"},
}


def dangers_of(html, prefix):
    """Everything dangerous in a part of a page whose own ids begin with the prefix, a line each."""
    root = lxml.html.fragment_fromstring(html, create_parent="main")
    return [danger for element in root.iterdescendants() for danger in _of_element(element, prefix)]


def _of_element(element, prefix):
    if not isinstance(element.tag, str):
        yield f"comment or instruction {element!r}"
        return
    tag = element.tag.lower()
    if tag in FORBIDDEN or ":" in tag:
        yield f"<{tag}>"
    if tag in OWN and not {name.lower() for name in element.attrib} <= OWN[tag]:
        yield f"<{tag}> {dict(element.attrib)}"
    for name, value in element.attrib.items():
        yield from _of_attribute(tag, name.lower(), value, prefix)


def _of_attribute(tag, name, value, prefix):
    if name.startswith("on") or name in ("style", "srcdoc", "http-equiv", "formaction", "action", "is") or ":" in name:
        yield f"{tag} {name}={value!r}"
    is_of_maths = tag == "mo" and name == "form" and value in ("prefix", "infix", "postfix")
    if name in ("id", "name", "for", "form") and not value.startswith(prefix) and not is_of_maths:
        yield f"{tag} {name}={value!r} is not the block's own"
    if name in URL_ATTRIBUTES:
        address = re.sub(r"[\t\n\r]", "", value.strip(_STRIPPED)).lower()
        scheme = re.match(r"([a-z][a-z0-9+.-]*):", address)
        if scheme and scheme[1] not in SCHEMES:
            yield f"{tag} {name}={value!r}"
