"""The topic "Spanish past tense": every form that it asks for, or takes for a mistake, is held against a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest

from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import RIGHT, WRONG, Input, Item, Step, Text
from adaptive_xblocks.tutoring.variants import Variant, make_variant
from tests.content import playing

DOCUMENT = playing.document("workbench_scenarios/spanish_past.xml")
SEEDS = range(60)
TENSES = ("present", "preterite", "imperfect")
PEOPLE = ("yo", "tú", "ella", "nosotros", "ellos")
FORM = re.compile(r"(present|preterite|imperfect)(\d?)")
LABEL = re.compile(r"form of (\w+)")

#: Verbs without any surprise in the three tenses.
REGULAR = """
ayudar bailar caminar cantar cenar cocinar comprar descansar dibujar entrar escuchar esperar estudiar ganar gritar
hablar limpiar llamar llorar nadar pasar preparar saludar trabajar viajar visitar
aprender barrer beber comer correr romper vender
abrir compartir escribir recibir subir vivir
""".split()
ENDINGS = {
    "ar": ("o as a amos an", "é aste ó amos aron", "aba abas aba ábamos aban"),
    "er": ("o es e emos en", "í iste ió imos ieron", "ía ías ía íamos ían"),
    "ir": ("o es e imos en", "í iste ió imos ieron", "ía ías ía íamos ían"),
}
#: The others in full: present, preterite, imperfect; for I, you, she, we, they.
IRREGULAR = {
    "almorzar": ("almuerzo almuerzas almuerza almorzamos almuerzan",
                 "almorcé almorzaste almorzó almorzamos almorzaron",
                 "almorzaba almorzabas almorzaba almorzábamos almorzaban"),
    "buscar": ("busco buscas busca buscamos buscan", "busqué buscaste buscó buscamos buscaron",
               "buscaba buscabas buscaba buscábamos buscaban"),
    "caer": ("caigo caes cae caemos caen", "caí caíste cayó caímos cayeron", "caía caías caía caíamos caían"),
    "conducir": ("conduzco conduces conduce conducimos conducen",
                 "conduje condujiste condujo condujimos condujeron",
                 "conducía conducías conducía conducíamos conducían"),
    "creer": ("creo crees cree creemos creen", "creí creíste creyó creímos creyeron",
              "creía creías creía creíamos creían"),
    "cruzar": ("cruzo cruzas cruza cruzamos cruzan", "crucé cruzaste cruzó cruzamos cruzaron",
               "cruzaba cruzabas cruzaba cruzábamos cruzaban"),
    "decir": ("digo dices dice decimos dicen", "dije dijiste dijo dijimos dijeron",
              "decía decías decía decíamos decían"),
    "empezar": ("empiezo empiezas empieza empezamos empiezan", "empecé empezaste empezó empezamos empezaron",
                "empezaba empezabas empezaba empezábamos empezaban"),
    "estar": ("estoy estás está estamos están", "estuve estuviste estuvo estuvimos estuvieron",
              "estaba estabas estaba estábamos estaban"),
    "hacer": ("hago haces hace hacemos hacen", "hice hiciste hizo hicimos hicieron",
              "hacía hacías hacía hacíamos hacían"),
    "ir": ("voy vas va vamos van", "fui fuiste fue fuimos fueron", "iba ibas iba íbamos iban"),
    "jugar": ("juego juegas juega jugamos juegan", "jugué jugaste jugó jugamos jugaron",
              "jugaba jugabas jugaba jugábamos jugaban"),
    "leer": ("leo lees lee leemos leen", "leí leíste leyó leímos leyeron", "leía leías leía leíamos leían"),
    "llegar": ("llego llegas llega llegamos llegan", "llegué llegaste llegó llegamos llegaron",
               "llegaba llegabas llegaba llegábamos llegaban"),
    "oír": ("oigo oyes oye oímos oyen", "oí oíste oyó oímos oyeron", "oía oías oía oíamos oían"),
    "pagar": ("pago pagas paga pagamos pagan", "pagué pagaste pagó pagamos pagaron",
              "pagaba pagabas pagaba pagábamos pagaban"),
    "perder": ("pierdo pierdes pierde perdemos pierden", "perdí perdiste perdió perdimos perdieron",
               "perdía perdías perdía perdíamos perdían"),
    "poder": ("puedo puedes puede podemos pueden", "pude pudiste pudo pudimos pudieron",
              "podía podías podía podíamos podían"),
    "poner": ("pongo pones pone ponemos ponen", "puse pusiste puso pusimos pusieron",
              "ponía ponías ponía poníamos ponían"),
    "querer": ("quiero quieres quiere queremos quieren", "quise quisiste quiso quisimos quisieron",
               "quería querías quería queríamos querían"),
    "sacar": ("saco sacas saca sacamos sacan", "saqué sacaste sacó sacamos sacaron",
              "sacaba sacabas sacaba sacábamos sacaban"),
    "salir": ("salgo sales sale salimos salen", "salí saliste salió salimos salieron",
              "salía salías salía salíamos salían"),
    "ser": ("soy eres es somos son", "fui fuiste fue fuimos fueron", "era eras era éramos eran"),
    "tener": ("tengo tienes tiene tenemos tienen", "tuve tuviste tuvo tuvimos tuvieron",
              "tenía tenías tenía teníamos tenían"),
    "tocar": ("toco tocas toca tocamos tocan", "toqué tocaste tocó tocamos tocaron",
              "tocaba tocabas tocaba tocábamos tocaban"),
    "traducir": ("traduzco traduces traduce traducimos traducen",
                 "traduje tradujiste tradujo tradujimos tradujeron",
                 "traducía traducías traducía traducíamos traducían"),
    "traer": ("traigo traes trae traemos traen", "traje trajiste trajo trajimos trajeron",
              "traía traías traía traíamos traían"),
    "venir": ("vengo vienes viene venimos vienen", "vine viniste vino vinimos vinieron",
              "venía venías venía veníamos venían"),
    "ver": ("veo ves ve vemos ven", "vi viste vio vimos vieron", "veía veías veía veíamos veían"),
}
TABLE = {verb: {tense: tuple(row.split()) for tense, row in zip(TENSES, rows, strict=True)}
         for verb, rows in IRREGULAR.items()}
TABLE |= {verb: {tense: tuple(verb[:-2] + ending for ending in row.split())
                 for tense, row in zip(TENSES, ENDINGS[verb[-2:]], strict=True)} for verb in REGULAR}

every_item = pytest.mark.parametrize("item", DOCUMENT.items.values(), ids=lambda item: item.id)


def bare(form: str) -> str:
    """A form without its accents; the letter ñ stays."""
    apart = unicodedata.normalize("NFD", form.replace("ñ", "\0"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("\0", "ñ")


def named_forms(variant: Variant) -> Iterator[tuple[str, str, int, str]]:
    """The forms among an item's variables: verb, tense, person from 0, form."""
    for name, value in variant.values.items():
        found = FORM.fullmatch(name)
        if found:
            tense, number = found.groups()
            yield variant.value(f"verb{number}"), tense, int(variant.number(f"p{number}")) - 1, value


@every_item
def test_the_named_forms_are_those_of_the_table(item):
    """Each form that an item works out for a verb and a person is that of the table."""
    for variant in playing.variants(item, SEEDS):
        for verb, tense, person, form in named_forms(variant):
            assert TABLE[verb][tense][person] == form


def typed(item: Item) -> Iterator[tuple[Step, Input]]:
    """The inputs of an item into which a form is typed."""
    return ((step, part) for step in item.steps for part in step.inputs if part.type == "text")


@every_item
def test_the_forms_that_are_asked_for_exist(item):
    """What has to be typed is a form that the item works out for the verb of the label."""
    for variant in playing.variants(item, SEEDS):
        known = {(verb, form) for verb, _tense, _person, form in named_forms(variant)}
        for step, part in typed(item):
            verb = verb_of(variant, part)
            assert (verb, playing.solved(variant, step)[part.id]) in known


def verb_of(variant: Variant, part: Input) -> str:
    """The verb whose form is typed into an input: its label names it."""
    found = LABEL.match(variant.plain(part.label))
    return found[1] if found else variant.value("verb")


def is_the_mistake(misconception: str, verb: str, key: str, mistake: str) -> bool:
    """Whether a mistake is one that the misconception leads to, by the table; True where the table cannot say."""
    rows = TABLE[verb]
    tense = next(tense for tense in ("preterite", "imperfect", "present") if key in rows[tense])
    return {
        "present-for-past": mistake in rows["present"],
        "drops-the-accent": mistake != key and mistake == bare(key),
        "accent-on-irregular": bare(mistake) == bare(key) != mistake,
        "wrong-person": mistake in rows[tense] or mistake in rows["imperfect"],
        "imperfect-for-done": mistake in rows["imperfect"],
        "preterite-for-habit": mistake in rows["preterite"],
        "ar-endings-everywhere": verb[-2:] != "ar" and mistake not in sum(rows.values(), ()),
        "er-endings-on-ar": verb[-2:] == "ar" and mistake not in sum(rows.values(), ()),
        "regular-stem": mistake not in sum(rows.values(), ()),
        "aba-everywhere": verb[-2:] != "ar" and re.search("[aá]b", mistake) is not None,
        "preterite-stem-in-imperfect": mistake not in sum(rows.values(), ()),
        "ieron-after-j": mistake.endswith("jieron"),
        "nosotros-only-present": mistake.endswith("mos"),
    }[misconception]


@every_item
def test_the_mistakes_are_what_they_are_said_to_be(item):
    """A present taken for a past is a present, a dropped accent is only that, and so on."""
    for variant in playing.variants(item, SEEDS):
        for step in item.steps:
            solved = playing.solved(variant, step)
            for rule in step.wrongs:
                for input_id, matcher in rule.matchers if rule.misconception else ():
                    part = step.input(input_id)
                    if part.type == "text":
                        mistake = variant.plain(matcher)
                        facts = rule.misconception, verb_of(variant, part), solved[input_id], mistake
                        assert is_the_mistake(*facts), facts


def sides(item: Item, variant: Variant) -> list[tuple[str, str]]:
    """The pairs of an item as they should be matched, by their words; a group by its id."""
    spec = item.steps[0].inputs[0].spec
    rights = {right.id: right.id if spec.grouped else variant.plain(right.text) for right in spec.rights}
    return [(variant.plain(row.text), rights[row.right]) for row in spec.rows]


def test_matched_forms():
    """What belongs together in the items with pairs and groups is what the table says."""
    of = DOCUMENT.items
    for variant in playing.variants(of["ar-match"], SEEDS):
        row = TABLE[variant.value("verb")]["preterite"]
        assert all(row[PEOPLE.index(who)] == form for who, form in sides(of["ar-match"], variant))
    for variant in playing.variants(of["er-two-families"], SEEDS):
        for form, family in sides(of["er-two-families"], variant):
            verbs = {verb for verb, rows in TABLE.items() if form in rows["preterite"]}
            assert verbs and {("ar" if verb.endswith("ar") else "er") for verb in verbs} == {family}
    for variant in playing.variants(of["irregular-stems"], SEEDS):
        assert all(TABLE[verb]["preterite"][0] == form for verb, form in sides(of["irregular-stems"], variant))
    for variant in playing.variants(of["imperfect-three-match"], SEEDS):
        person = int(variant.number("p")) - 1
        pairs = sides(of["imperfect-three-match"], variant)
        assert all(TABLE[verb]["imperfect"][person] == form for verb, form in pairs)


def test_the_verb_of_a_sentence():
    """Each sentence holds a preterite of the verb that it is matched with."""
    item = DOCUMENT.items["irregular-which-verb"]
    for variant in playing.variants(item, SEEDS):
        for sentence, verb in sides(item, variant):
            words = re.findall(r"\w+", sentence.lower())
            assert set(words) & set(TABLE[verb]["preterite"])


@pytest.mark.parametrize("item_id, verbs, right, left_out", [
    ("ar-order", "llamar ayudar esperar saludar", "preterite", "present"),
    ("irregular-order", "poder querer", "preterite", "present"),
    ("aspect-order", "vivir jugar trabajar correr", "imperfect", "preterite"),
])
def test_ordered_words(item_id, verbs, right, left_out):
    """The verb of the sentence is in the tense that fits, the one left out in the tense that does not."""
    item = DOCUMENT.items[item_id]
    forms = {tense: {form for verb in verbs.split() for form in TABLE[verb][tense]} for tense in TENSES}
    for variant in playing.variants(item, SEEDS):
        spec = item.steps[0].inputs[0].spec
        words = {variant.plain(line.text).strip(",.") for line in spec.lines}
        extras = {variant.plain(line.text) for line in spec.extras}
        assert len(words & forms[right]) == 1
        assert extras & forms[left_out] and not extras & forms[right]


@every_item
def test_spanish_is_marked_as_spanish(item):
    """A word with a Spanish sign or form stands in an element with its language, so that it is read aloud rightly."""
    for text in playing.texts(item, DOCUMENT):
        english = re.sub(r'<(\w+)[^<>]* lang="es"[^<>]*>.*?</\1>', "", text.source, flags=re.DOTALL)
        if text.lang != "es" and not is_label(item, text):
            assert not re.search("[áéíóúñ¿¡]", re.sub(r"\{@.*?@\}", "", english)), english


def is_label(item: Item, text: Text) -> bool:
    """Whether the text is a label in English that names a Spanish verb."""
    return any(part.label is text for step in item.steps for part in step.inputs)


def test_an_accent_is_demanded_where_it_tells_tenses_apart():
    """Without its accent the preterite is not taken; the accent of the imperfect is only pointed out."""
    preterite, imperfect = DOCUMENT.items["ar-ella"], DOCUMENT.items["imperfect-er"]
    variant = make_variant(preterite, 1)
    verdict = judge_step(variant, preterite.steps[0], {"form": bare(variant.value("preterite"))})
    assert (verdict.kind, verdict.misconception) == (WRONG, "drops-the-accent")
    variant = make_variant(imperfect, 1)
    verdict = judge_step(variant, imperfect.steps[0], {"form": bare(variant.value("imperfect"))})
    assert verdict.kind == RIGHT
    assert verdict.inputs["form"].message


def test_kinds_of_items():
    """Choice, choices, text, order and matching in pairs and groups occur, with several gaps in a sentence."""
    steps = [step for item in DOCUMENT.items.values() for step in item.steps]
    parts = [part for step in steps for part in step.inputs]
    assert {part.type for part in parts} == {"choice", "choices", "match", "order", "text"}
    assert {part.spec.grouped for part in parts if part.type == "match"} == {True, False}
    assert sum(len(step.inputs) >= 3 for step in steps) >= 4
    formats = [item.format for item in DOCUMENT.items.values()]
    assert formats.count("worked-example") >= 4
    assert formats.count("tutor") == 1
