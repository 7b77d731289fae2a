"""Numbers with units are judged by value; what is no unit costs nothing, what measures something else is told."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.answers import answer_type, units
from adaptive_xblocks.tutoring.answers.measures import OTHER_DIMENSION, OTHER_KIND, WRITE_THE_UNIT
from adaptive_xblocks.tutoring.answers.numbers import (
    AMBIGUOUS_COMMA,
    EMPTY,
    NO_LATEX,
    NOT_A_NUMBER,
    TOO_LONG,
)
from adaptive_xblocks.tutoring.answers.numeric import NumericSpec
from adaptive_xblocks.tutoring.answers.units import NotAUnit, author_unit, read_unit
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Item, Text
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.variants import make_variant

NUMERIC = answer_type("numeric")
VARIANT = make_variant(Item("i", "", (), Text("")), 0)


def judged(answer, unit, raw, **spec):
    """The verdict of an answer with a unit."""
    return NUMERIC.judge(NumericSpec(answer, unit=author_unit(unit), **spec), VARIANT, raw)


def step_with(numeric, more=""):
    """The document of a step with that element."""
    return parse_document(
        f'<adaptive_problem_set><skill id="s" name="S"/><item id="i"><step id="t" skills="s">{numeric}{more}'
        '<hint bottom_out="true">x</hint></step></item></adaptive_problem_set>')


@pytest.mark.parametrize("raw", [
    "5 cm", "5cm", "0.05 m", "50 mm", "50mm", "5,0 cm", "1/20 m", "0,5 dm", "5 centimetres", "5 Centimeters", "5 CM",
    "5 centímetros", "5 centimètres", "5 Zentimeter", "5 см", "٥ سم", "\u200f٥\u00a0سم\u200f",
    "5 厘米", '5 ס"מ', "5 ס״מ", "5 ㎝",
    "5 सेमी", "x = 5 cm", r"5\,\text{cm}", r"$5\ \mathrm{cm}$", r"\(\frac{1}{20}\,\text{m}\)", "5e-2 m", "5 × 10^-2 m",
    "5·10⁻² m", "50\tmm", "+5 cm", "5. cm", "5 cm.", "5 cm^1", "5 * cm", "0.00005 km", "50000 µm", "50000 μm",
    "50000 um",
])  # fmt: skip
def test_any_unit_of_the_same_kind_will_do(raw):
    """Five centimetres in other units, spellings, scripts and signs."""
    assert judged("5", "cm", raw).kind == RIGHT


@pytest.mark.parametrize(("unit", "answer", "raw"), [
    ("m^2", "2", "2 m²"), ("m^2", "2", "20000 cm^2"), ("m²", "2", "2 square metres"),
    ("m^2", "2", "2 metros cuadrados"),
    ("m^2", "2", "2 Quadratmeter"), ("m^2", "2", "2 m2"), ("m^2", "2", r"2\,\text{m}^{2}"), ("m^2", "2", "2 sq m"),
    ("km/h", "36", "10 m/s"), ("km/h", "36", "36 km per hour"), ("km/h", "36", "36 km h^-1"), ("km/h", "36", "36 км/ч"),
    ("km/h", "36", "36 kph"), ("m/s^2", "9.81", "9.81 m s⁻²"), ("m/s^2", "9.81", "9,81 m/s/s"),
    ("J/(kg*K)", "4", "4 J/kg K"), ("J/(kg*K)", "4", "4 J/(kg·K)"),
    ("J/(kg*K)", "4", r"4\,\frac{\text{J}}{\text{kg K}}"),
    ("N m", "3", "3 N·m"), ("N m", "3", "3 N.m"), ("N", "3", "3 kg m/s^2"), ("Hz", "3", "3 /s"), ("Hz", "3", "3 1/s"),
    ("ft", "6", "2 yd"), ("ft", "6", "72 in"), ("ft", "6", "72″"), ("mi", "1", "1.609344 km"), ("lb", "1", "16 oz"),
    ("fl_oz", "16", "1 pint"), ("fl_oz", "16", "16 oz"), ("L", "1", "1000 ml"), ("m^3", "1", "1000 litros"),
    ("min", "90", "1.5 h"), ("h", "1.5", "1 1/2 hours"), ("MB", "1", "1000 kB"), ("deg", "180", "3.1416 rad"),
    ("degC", "100", "212 °F"), ("degC", "100", "373.15 K"), ("degC", "20", "20 C"), ("degC", "-5", "\u22125 ℃"),
    ("kΩ", "2", "2000 ohms"), ("furlong", "2", "2 furlong"), ("degC/min", "3", "3 °C/min"),
    ("degC/min", "3", "3 K/min"),
])  # fmt: skip
def test_units_are_combined_and_converted(unit, answer, raw):
    """Powers, quotients, words, temperatures with their offsets, imperial units, the author's own words."""
    assert judged(answer, unit, raw).kind == RIGHT


@pytest.mark.parametrize("raw", ["5 m", "6 cm", "5 km", "-5 cm", "5 in"])
def test_another_length_is_wrong(raw):
    """The value counts."""
    assert (judged("5", "cm", raw).kind, judged("5", "cm", raw).message) == (WRONG, None)


@pytest.mark.parametrize(("unit", "raw", "sentence"), [
    ("m^2", "5 m", "That is a length; the question asks for an area."),
    ("cm", "5 kg", "That is a mass; the question asks for a length."),
    ("km/h", "5 h", "That is a time; the question asks for a speed."),
    ("deg", "5 s", "That is a time; the question asks for an angle."),
    ("MB", "5 m", "That is a length; the question asks for an amount of data."),
])  # fmt: skip
def test_a_unit_of_another_dimension_is_wrong_and_told(unit, raw, sentence):
    """The learner reads what was given and what was asked."""
    verdict = judged("5", unit, raw)
    assert (verdict.kind, verdict.message.key, str(verdict.message)) == (WRONG, OTHER_DIMENSION, sentence)


def test_a_dimension_without_a_name_is_told_without_it():
    """What nobody has a word for is still another kind."""
    assert judged("5", "cm", "5 kg^3 m").message.key == OTHER_KIND


@pytest.mark.parametrize(("raw", "key"), [
    ("5", WRITE_THE_UNIT), ("0.5", WRITE_THE_UNIT), ("5 apples", units.NOT_A_UNIT),
    ("5 cm cm cm cm cm cm cm", units.NOT_A_UNIT),
    ("5 ft 3 in", units.NOT_A_UNIT), ("5 MM", units.NOT_A_UNIT), ("5 cm^99", units.NOT_A_UNIT),
    ("5 ((cm))", units.NOT_A_UNIT),
    ("5 m/", units.NOT_A_UNIT), ("5 m**9**9", units.NOT_A_UNIT), ("5 " + "m" * 100, units.NOT_A_UNIT),
    ("5 __import__", units.NOT_A_UNIT),
    ("5 lambda: 0", units.NOT_A_UNIT), ("5 €", units.NOT_A_UNIT), ("cm", NOT_A_NUMBER), ("five cm", NOT_A_NUMBER),
    ("", EMPTY),
    ("1,234 cm", AMBIGUOUS_COMMA), (r"5 \sqrt{cm}", units.NOT_A_UNIT), (r"\sqrt{5} cm", NO_LATEX),
    ("5 cm" + " " * 300, TOO_LONG),
])  # fmt: skip
def test_what_has_no_unit_or_an_unknown_one_costs_nothing(raw, key):
    """The sentence says what to write."""
    verdict = judged("5", "cm", raw)
    if key in (NOT_A_NUMBER, NO_LATEX):
        assert verdict.kind == UNREAD
    else:
        assert (verdict.kind, verdict.message.key) == (UNREAD, key)


def test_an_optional_unit_may_be_left_out():
    """A bare number is then one in the unit that is asked for; a unit is still judged."""
    kinds = [judged("5", "cm", raw, needs_unit=False).kind for raw in ("5", "50 mm", "5 m", "5 kg", "5 apples")]
    assert kinds == [RIGHT, RIGHT, WRONG, WRONG, UNREAD]


def test_forms_are_those_of_the_number():
    """A right value in another form is asked again, with its unit."""
    assert judged("1/2", "m", "0.5 m", form="fraction").kind == UNREAD
    assert judged("1/2", "m", "50/100 m", form="fraction").kind == RIGHT
    assert judged("1/2", "m", "50 cm", form="integer").kind == RIGHT


def test_solutions_carry_the_unit():
    """What `solve` writes is judged right."""
    for unit in ("cm", "m^2", "km/h", "degC", "J/(kg*K)"):
        spec = NumericSpec("7/2", unit=author_unit(unit))
        assert NUMERIC.solve(spec, VARIANT).endswith(unit)
        assert NUMERIC.judge(spec, VARIANT, NUMERIC.solve(spec, VARIANT)).kind == RIGHT


@pytest.mark.parametrize("unit", ["dB", "apples", "EUR", "m^99", "m;n", "()", "1 2", "cm" * 40])
def test_an_author_is_told_of_a_unit_that_cannot_be_used(unit):
    """Logarithmic units, unknown names and what is no unit are faults with an example."""
    (fault,) = step_with(f'<numeric answer="5" unit="{unit}"/>').errors
    assert "cannot be used" in str(fault.problem)
    assert 'unit="km/h"' in str(fault.remedy)


def test_units_without_a_unit_are_told():
    """Saying that no unit is needed where none is named does nothing."""
    faults = step_with('<numeric answer="5" units="optional"/>').faults
    assert any("does nothing" in str(fault.problem) for fault in faults)


def test_a_wrong_rule_is_in_the_unit_that_is_asked_for():
    """A learner who writes it in another unit is recognised too."""
    document = step_with('<numeric answer="5" unit="cm"/>', '<wrong answer="10">Doubled.</wrong>')
    spec = document.items["i"].steps[0].inputs[0].spec
    assert NUMERIC.matches("10", spec, VARIANT, "0,1 m")
    assert not NUMERIC.matches("10", spec, VARIANT, "10 kg")


def test_pint_is_loaded_when_a_unit_is_first_named():
    """A site without units never pays for them."""
    code = ("import sys\nfrom adaptive_xblocks.tutoring.answers import answer_type\nprint('pint' in sys.modules)\n"
            "from adaptive_xblocks.tutoring.answers.units import author_unit\nauthor_unit('cm')\n"
            "print('pint' in sys.modules)")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout.split() == ["False", "True"]


def test_a_learners_text_never_reaches_pint(monkeypatch):
    """pint's own parser, which evaluates, is never called for what was typed."""
    asked = author_unit("cm")
    read_unit.cache_clear()

    class Forbidden:
        """Whatever is asked of it is too much."""

        def __getattr__(self, name):
            raise AssertionError(name)

    monkeypatch.setattr(units, "_registry", Forbidden)
    for text in ("qqq", "__class__", "m.__class__", "exec", "speed_of_light", "c", "5", "cm**m2x"):
        with pytest.raises(NotAUnit):
            read_unit(text, asked)


@given(text=st.one_of(st.text(max_size=80), st.text("cmkg/*^()·²⁻ 0123456789per.°\\", max_size=80)))
def test_any_text_is_a_unit_or_none(text):
    """Nothing raises anything else, nothing is slow."""
    begun = time.process_time()
    try:
        unit = read_unit(text, author_unit("cm"))
    except NotAUnit:
        unit = None
    assert unit is None or unit.factor > 0
    assert time.process_time() - begun < 0.5


@given(value=st.fractions(-1000, 1000, max_denominator=1000),
       unit=st.sampled_from(["mm", "in", "km", "°F", "K", "h", "day"]))
def test_conversion_there_and_back_is_exact(value, unit):
    """A value in another unit and back is the same to the last digit."""
    asked = author_unit({"°F": "degC", "K": "degC", "h": "s", "day": "s"}.get(unit, "cm"))
    found = read_unit(unit, asked)
    assert asked.to(found, found.to(asked, value)) == value
