"""How learners write units: symbols, words and abbreviations in several languages and scripts.

Each line of the table: the name that the library `pint` knows; `*` where SI prefixes may stand before it (`+`: those
from kilo on); then symbols, and after `|` words (which may also have a plural s). Symbols are told apart by case, words
are not. A word may stand for several units: the question decides.
"""

from __future__ import annotations

from collections import defaultdict

_TABLE = """
meter * m м م 米 मी | metre meter metro metri mètre метр метра метров
meter - | متر أمتار מטר מטרים 米 メートル मीटर
gram * g gr г غ غم جم 克 | gram gramme gramo grama gramm grammo grammi грамм грамма граммов غرام جرام גרם 克 グラム ग्राम
second * s с ث 秒 | sec second segundo seg seconde secondo secondi sekunde sek секунда секунды секунд сек
second - | ثانية ثواني שנייה שניות सेकंड
ampere * A А | ampere amp amperio ampère ампер أمبير
kelvin * K К | kelvin кельвин كلفن
mole * mol | mole моль مول
candela * cd | candela
hertz * Hz Гц | hertz hercio герц هرتز
newton * N Н | newton ньютон نيوتن
joule * J Дж | joule julio джоуль جول
watt * W Вт | watt vatio ватт واط وات
pascal * Pa Па | pascal паскаль باسكال
volt * V В | volt voltio вольт فولت
ohm * Ω Ом | ohm ohmio ом أوم
coulomb * C Кл | coulomb culombio кулон كولوم
farad * F Ф | farad faradio
tesla * T Тл | tesla
weber * Wb | weber
henry * H Гн | henry henrio
becquerel * Bq | becquerel
liter * l L л ل 升 | liter litre litro litri литр литра литров لتر ליטר 升 リットル लीटर
bit + bit | bit бит بت
byte + B | byte байт بايت octet
electron_volt * eV эВ | electronvolt
bar * bar | bar бар
tonne - t т | tonne tonelada tonnellata тонна тонны тонн طن
calorie * cal кал | calorie caloría calorie кал سعرة
watt_hour * Wh Втч |
hectare - ha га | hectare hectárea hektar гектар هكتار
are - | are
angstrom - Å | angstrom ångström
atmosphere - atm | atmosphere
mmHg - mmHg |
minute - min мин د 分 分钟 ′ | minute minuto minuti мин минута минуты минут دقيقة دقائق דקה דקות मिनट
hour - h hr ч س 时 小时 | hour hora heure ora ore stunde std час часа часов ساعة ساعات שעה שעות घंटा घंटे
day - d д | day día jour tag giorno giorni dia день дня дней يوم أيام יום ימים दिन 天
week - wk | week semana semaine woche settimana неделя أسبوع שבוע
month - | month mes mois monat mese mês месяц شهر
year - yr y | year año année an jahr anno anni ano год года лет سنة שנה साल
degree - ° | deg degree grado degré grad grau градус درجة מעלה מעלות
radian - rad | radian radián radiant радиан
turn - | turn revolution rev
arcminute - ′ ' | arcminute arcmin
arcsecond - ″ ′′ " '' | arcsecond arcsec
degree_Celsius - °C degC C | celsius centigrade
degree_Fahrenheit - °F degF F | fahrenheit
inch - in ″ ′′ " '' | inch inches pulgada pouce zoll pollice polegada дюйм بوصة
foot - ft ′ ' | foot feet pie pied fuß piede piedi pé фут قدم
yard - yd | yard yarda
mile - mi | mile milla meile miglio miglia milha миля ميل
nautical_mile - nmi |
acre - ac | acre
ounce - oz | ounce onza once unze
pound - lb lbs | pound libra livre pfund фунт رطل
stone - st | stone
ton - | ton
fluid_ounce - fl_oz oz floz |
cup - | cup taza tasse
pint - pt | pint
quart - qt | quart
gallon - gal | gallon galón
tablespoon - tbsp |
teaspoon - tsp |
mile_per_hour - mph |
kilometer_per_hour - kph kmh |
knot - kn kt | knot
pound_force_per_square_inch - psi |
pound_force - lbf |
horsepower - hp | horsepower
british_thermal_unit - BTU Btu |
revolutions_per_minute - rpm |
cubic_centimeter - cc ccm |
centimeter - см سم 厘米 公分 सेमी ס"מ | センチ
millimeter - мм مم 毫米 ミリ मिमी מ"מ |
kilometer - км كم 公里 千米 किमी ק"מ |
kilogram - кг كغ كجم كغم 公斤 千克 किग्रा ק"ג |
milligram - мг ملغ ملجم 毫克 |
milliliter - мл مل 毫升 מ"ל |
kilonewton - кН |
kilojoule - кДж |
kilowatt - кВт |
megawatt - МВт |
kilowatt_hour - кВтч |
"""
_PREFIX_SYMBOLS = {
    "q": "quecto", "r": "ronto", "y": "yocto", "z": "zepto", "a": "atto", "f": "femto", "p": "pico", "n": "nano",
    "µ": "micro", "μ": "micro", "u": "micro", "m": "milli", "c": "centi", "d": "deci", "da": "deca", "h": "hecto",
    "k": "kilo", "M": "mega", "G": "giga", "T": "tera", "P": "peta", "E": "exa", "Z": "zetta", "Y": "yotta",
    "Ki": "kibi", "Mi": "mebi", "Gi": "gibi", "Ti": "tebi",
}
_LARGE = frozenset("k M G T P E Ki Mi Gi Ti".split())
_BINARY = frozenset(("Ki", "Mi", "Gi", "Ti"))
_PREFIX_WORDS = {
    "nano": "nano", "нано": "nano", "نانو": "nano", "micro": "micro", "mikro": "micro", "микро": "micro",
    "ميكرو": "micro", "milli": "milli", "mili": "milli", "милли": "milli", "ملي": "milli", "مللي": "milli",
    "ميلي": "milli", "מילי": "milli", "centi": "centi", "zenti": "centi", "санти": "centi",
    "سنتي": "centi", "סנטי": "centi", "deci": "deci", "dezi": "deci", "деци": "deci",
    "ديسي": "deci",
    "deca": "deca", "deka": "deca", "hecto": "hecto", "hekto": "hecto", "ecto": "hecto", "etto": "hecto",
    "гекто": "hecto", "هكتو": "hecto", "kilo": "kilo", "quilo": "kilo", "quilô": "kilo", "chilo": "kilo", "kiló": "kilo",
    "кило": "kilo", "كيلو": "kilo", "קילו": "kilo", "किलो": "kilo", "mega": "mega", "méga": "mega", "мега": "mega",
    "ميجا": "mega", "ميغا": "mega", "giga": "giga", "гига": "giga", "جيجا": "giga", "tera": "tera", "téra": "tera",
    "centí": "centi", "milí": "milli", "decí": "deci", "センチ": "centi", "ミリ": "milli", "キロ": "kilo",
}  # fmt: skip
#: Words that raise the unit after them, or the one before them, to a power; a German word may hold the first kind.
BEFORE = {
    "square": 2, "sq": 2, "quadrat": 2, "кв": 2, "квадратный": 2, "cubic": 3, "cu": 3, "kubik": 3, "куб": 3,
    "кубический": 3,
}  # fmt: skip
AFTER = {
    "squared": 2, "cuadrado": 2, "carré": 2, "quadrato": 2, "quadrati": 2, "quadrado": 2, "مربع": 2, "مربعة": 2,
    "cubed": 3, "cúbico": 3, "cube": 3, "cubo": 3, "cubi": 3, "مكعب": 3,
}  # fmt: skip
#: Words for the stroke of a fraction.
PER = frozenset("per por par pro в لكل".split())

PREFIXABLE: set[str] = set()
SYMBOLS: dict[str, tuple[str, ...]] = {}
WORDS: dict[str, tuple[str, ...]] = {}
FOLDED: dict[str, frozenset[str]] = {}  # symbols whose case somebody got wrong


def _prefixes(mark: str) -> frozenset[str]:
    return {"*": frozenset(_PREFIX_SYMBOLS) - _BINARY, "+": _LARGE}.get(mark, frozenset())


def _fill() -> None:
    symbols, words, folded = defaultdict(list), defaultdict(list), defaultdict(set)
    for line in _TABLE.strip().splitlines():
        head, _bar, tail = line.partition("|")
        name, mark, *found = head.split()
        if mark != "-":
            PREFIXABLE.add(name)
        for symbol in found:
            symbols[symbol].append(name)
            for prefix in _prefixes(mark) if symbol.isascii() or symbol == "Ω" else ():
                symbols[prefix + symbol].append(_PREFIX_SYMBOLS[prefix] + name)
        for word in tail.split():
            words[word.casefold()].append(name)
    for symbol, names in symbols.items():
        SYMBOLS[symbol] = tuple(dict.fromkeys(names))
        folded[symbol.casefold()].update(names)
    WORDS.update((word, tuple(dict.fromkeys(names))) for word, names in words.items())
    FOLDED.update((symbol, frozenset(names)) for symbol, names in folded.items())


_fill()


def names_of(word: str) -> tuple[str, ...]:
    """The names of the units that a word may stand for, the likeliest first; none if it is no known unit.

    >>> names_of("km"), names_of("Kilometres"), names_of("KG"), names_of("MM"), names_of("apples")
    (('kilometer',), ('kilometer',), ('kilogram',), (), ())
    """
    if word in SYMBOLS:
        return SYMBOLS[word]
    folded = word.casefold()
    found = _word(folded)
    if found:
        return found
    for prefix, name in _PREFIX_WORDS.items():
        if folded.startswith(prefix) and len(folded) > len(prefix):
            units = [unit for unit in _word(folded[len(prefix) :]) if unit in PREFIXABLE]
            if units:
                return tuple(name + unit for unit in units)
    alike = FOLDED.get(folded, frozenset())
    return tuple(alike) if len(alike) == 1 else ()


def _word(folded: str) -> tuple[str, ...]:
    """Words as they are, and without the s or es of a plural."""
    for ending in ("", "s", "es", "n", "en"):
        stem = folded.removesuffix(ending) if ending else folded
        if stem in WORDS and (not ending or stem != folded):
            return WORDS[stem]
    return ()
