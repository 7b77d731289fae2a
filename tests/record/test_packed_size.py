"""What a packed log may take, and what of the content is cleaned."""

import json

from adaptive_xblocks.evidence import Evidence, Kind
from adaptive_xblocks.evidence_details import MOST_ROW, Detail
from adaptive_xblocks.evidence_log import MOST_CHARACTERS, EvidenceLog
from adaptive_xblocks.storage_fields import ContentField


def test_the_longest_row_stays_below_its_estimate():
    """A log that is estimated to fit does fit: no row of numbers is longer than said."""
    largest = 2**32 - 1
    texts = [f"text {number}" for number in range(8)]
    probability = 0.12345678901234567
    detail = Detail(*texts[:3], largest, texts[3], True, *texts[4:6], largest, *texts[6:], probability, "p", 999)
    piece = Evidence(1, "b", largest, 1, 0, 1, Kind(("add",), (1, 1)))
    row = EvidenceLog(1, (piece,), {largest: detail}).to_json()["details"]["rows"][0]
    assert len(json.dumps(row)) + 8 * 6 <= MOST_ROW  # places in a table of a million texts


def test_many_rows_are_measured_and_trimmed():
    """Where the estimate says too much the log is measured, and the oldest details go."""
    pieces = tuple(Evidence(time, "b", time, time, 0, time, Kind(("add",), (1, 1))) for time in range(1, 3000))
    details = {piece.submission: Detail(f"item {piece.time}", "step", "v", 1, "numeric") for piece in pieces}
    stored = EvidenceLog(1, pieces, details).to_json()
    assert len(json.dumps(stored)) <= MOST_CHARACTERS
    assert 0 < len(stored["details"]["rows"]) < len(pieces)
    assert stored["details"]["rows"][-1][0] == 2999


def test_rows_of_an_older_schema_may_be_shorter():
    """Details that were stored before a column was added are read beside those stored since."""
    piece = Evidence(1, "b", 7, 1, 0, 1, Kind(("add",), (1, 1)))
    later = piece._replace(time=2, submission=8)
    log = EvidenceLog(1, (piece, later), {7: Detail("i", "s", "v", 1, "numeric"), 8: Detail("j", "s", "v", 1, "text")})
    stored = log.to_json()
    stored["details"]["rows"][0] = stored["details"]["rows"][0][:-2]
    assert EvidenceLog.from_json(stored).details == log.details | {7: log.details[7]._replace(parameters="")}


def test_content_loses_only_what_xml_cannot_hold():
    """Control characters go, everything else stays as written, also for a text that was seen before."""
    for _turn in range(2):
        assert ContentField().from_json("a\x00b\t\n<é/>\ud83d") == "ab\t\n<é/>"
    assert ContentField().from_json(None) is None
