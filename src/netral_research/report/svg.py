"""Drawings made fit to stand in a page: nothing active, nothing from elsewhere, ids that cannot collide."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_FORBIDDEN = frozenset({"script", "foreignObject", "metadata", "style", "title", "desc", "iframe"})
_OWN_ADDRESS = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_ANY_ADDRESS = re.compile(r"url\(\s*['\"]?(?!#)[^)]*\)")


def clean_drawing(svg: str, prefix: str) -> ET.Element:
    """Parse a drawing and leave only what draws.

    Scripts, event handlers, style sheets (they would reach into the whole page), metadata (it holds a clock)
    and addresses outside the drawing are taken out; every id gets the prefix; width and height give way to
    the view box.

    Parameters
    ----------
    svg : str
        An SVG document, for instance one saved by matplotlib.
    prefix : str
        Put before every id.

    Returns
    -------
    xml.etree.ElementTree.Element
        The root, its tags without a namespace.

    Raises
    ------
    ValueError
        If the text is no SVG drawing or has no view box.

    Examples
    --------
    >>> drawing = '<svg viewBox="0 0 1 1" width="9"><script>x</script><path id="a" onclick="x"/></svg>'
    >>> ET.tostring(clean_drawing(drawing, "map")[0], encoding="unicode")
    '<path id="map-a" />'
    """
    if "<!ENTITY" in svg:
        raise ValueError("a drawing may not declare entities")
    try:
        root = ET.fromstring(svg)  # noqa: S314 - drawn by this program, entities refused above
    except ET.ParseError as fault:
        raise ValueError(f"no SVG drawing: {fault}") from None
    if root.tag.removeprefix(_SVG) != "svg" or "viewBox" not in root.attrib:
        raise ValueError("no SVG drawing with a view box")
    _clean_element(root, prefix)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    # What matplotlib's style sheet says for every element; children inherit it from here.
    root.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
    return root


def _clean_element(element: ET.Element, prefix: str) -> None:
    element.tag = element.tag.removeprefix(_SVG)
    for child in list(element):
        tag = child.tag.removeprefix(_SVG)
        if tag in _FORBIDDEN or tag.startswith("{"):
            element.remove(child)
        else:
            _clean_element(child, prefix)
    attributes = dict(element.attrib)
    element.attrib.clear()
    for name, content in attributes.items():
        plain = "href" if name == _XLINK else name
        kept = _clean_attribute(plain, content, prefix)
        if kept is not None:
            element.attrib[plain] = kept


def _clean_attribute(name: str, content: str, prefix: str) -> str | None:
    if name.startswith("{") or name.lower().startswith("on"):
        return None
    if name == "id":
        return f"{prefix}-{content}"
    if name == "href":
        if content.startswith("#"):
            return f"#{prefix}-{content[1:]}"
        return content if content.startswith("data:image/png;base64,") else None
    return _OWN_ADDRESS.sub(rf"url(#{prefix}-\1)", _ANY_ADDRESS.sub("none", content))


def inline_drawing(svg: str, identifier: str, title: str, alt: str) -> str:
    """A drawing as part of an HTML page, with its name and text alternative.

    Parameters
    ----------
    svg : str
    identifier : str
        Id of the figure; every id inside the drawing begins with it.
    title, alt : str

    Returns
    -------
    str
        An ``svg`` element of role ``img``.

    Examples
    --------
    >>> page = inline_drawing('<svg viewBox="0 0 1 1"/>', "map", "Peta", "Peta tingkat pelaporan menurut provinsi.")
    >>> 'role="img"' in page, '<title id="map-title">Peta</title>' in page
    (True, True)
    """
    root = clean_drawing(svg, f"{identifier}-drawing")
    names = (f"{identifier}-title", f"{identifier}-alt")
    root.attrib.update({"role": "img", "aria-labelledby": " ".join(names), "focusable": "false"})
    for place, (tag, name, words) in enumerate(zip(("title", "desc"), names, (title, alt), strict=True)):
        element = ET.Element(tag, {"id": name})
        element.text = words
        root.insert(place, element)
    return ET.tostring(root, encoding="unicode")


def standalone_drawing(svg: str) -> str:
    """A drawing as a file of its own, as the PDF takes it.

    Parameters
    ----------
    svg : str

    Returns
    -------
    str

    Examples
    --------
    >>> standalone_drawing('<svg viewBox="0 0 1 1"><path id="a"/></svg>').count('id="d-a"')
    1
    """
    root = clean_drawing(svg, "d")
    root.attrib["xmlns"] = "http://www.w3.org/2000/svg"
    return ET.tostring(root, encoding="unicode")
