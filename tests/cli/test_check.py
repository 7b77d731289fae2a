"""`adaptive-xblocks check` finds every fault, with its place and remedy, and reads whatever it is given safely."""

import gzip
import io
import json
import os
import tarfile

import pytest

from adaptive_xblocks.cli import sources as reading
from adaptive_xblocks.cli.check import Checked, check, print_table, status
from adaptive_xblocks.cli.printing import Printer
from adaptive_xblocks.cli.sources import Unread
from tests.cli.conftest import ROOT

STEP = '<step id="s" skills="a"><numeric answer="1"/><hint bottom_out="true">1</hint></step>'
SOUND = (f'<adaptive_problem_set schema="1">\n<skill id="a" name="A"/>\n<item id="i">{STEP}</item>\n'
         '</adaptive_problem_set>')
BROKEN = SOUND.replace('answer="1"', 'answer="1/0"')
WEAK = SOUND.replace('<hint bottom_out="true">1</hint>', "")
EXPORT = '<adaptive_problem_set\n  url_name="u"\n  schema="1"><![CDATA[{}]]></adaptive_problem_set>'
UNIT = '<vertical>\n  <html url_name="h"/>\n  {}\n  <adaptive_problem_set url_name="elsewhere"/>\n</vertical>'


def faults(one):
    """What was found, as (level, line, element, item)."""
    return [(fault.level, fault.line, fault.element, fault.item) for fault in one.faults]


def only(*arguments):
    """The one result of a check."""
    (one,) = check(map(str, arguments))
    return one


def written(path, text):
    """A file with that text, in folders that are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def archive(path, entries):
    """A .tar.gz of (name, bytes), or of a TarInfo for what is no file."""
    with tarfile.open(path, "w:gz") as tar:
        for name, data in entries:
            if isinstance(name, tarfile.TarInfo):
                tar.addfile(name)
                continue
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("text, expected", [(SOUND, 0), (WEAK, 0), (BROKEN, 1)])
def test_only_errors_fail(command, tmp_path, text, expected):
    """A document that goes live passes, with warnings too; one with an error does not."""
    run = command("check", written(tmp_path / "bank.xml", text))
    assert (run.returncode, run.stderr) == (expected, "")
    assert "bank.xml: " in run.stdout


def test_warnings_fail_where_that_is_asked(command, tmp_path):
    """`--strict` lets a warning fail."""
    assert command("check", "--strict", written(tmp_path / "bank.xml", WEAK)).returncode == 1


def test_a_fault_is_told_with_its_place_and_remedy(command, tmp_path):
    """A line has line number, severity, element, item and sentence; the remedy stands below it."""
    run = command("check", written(tmp_path / "bank.xml", BROKEN), environ={"COLUMNS": "120"})
    first, second = run.stdout.splitlines()[3:5]
    assert first.startswith('  3  error    <numeric> in “i”: answer "1/0":')
    assert second.strip() == "Correct the expression."
    assert run.stdout.splitlines()[-1] == "1 block checked: 1 error, 1 warning."


def test_standard_input_is_read(command):
    """`-` reads the document from a pipe."""
    run = command("check", "-", input=BROKEN)
    assert run.returncode == 1
    assert run.stdout.startswith("standard input: 0 problems, 1 skill, 1 left out")


def test_the_json_has_everything(command, tmp_path):
    """`--json` gives the sums, and for each file its blocks and faults as the editor's handler names them."""
    run = command("check", "--json", written(tmp_path / "bank.xml", BROKEN), "missing.xml")
    data = json.loads(run.stdout)
    assert run.returncode == 2
    assert (data["errors"], data["warnings"], data["unread"]) == (1, 1, 1)
    bank, missing = data["files"]
    assert bank["blocks"] == [
        {"kind": "adaptive_problem_set", "line": 1, "title": "", "problems": 0, "left_out": 1, "skills": 1}]
    assert bank["faults"][1] | {"problem": "", "remedy": ""} == {
        "level": "error", "line": 3, "element": "numeric", "item": "i", "problem": "", "remedy": ""}
    assert all(fault["problem"] and fault["remedy"] for fault in bank["faults"])
    assert missing == {"file": "missing.xml", "read": False, "blocks": [], "faults": [],
                       "problem": "It cannot be read: No such file or directory.",
                       "remedy": "Check the name and the permissions."}


def test_an_exported_block_is_checked_by_its_own_lines(tmp_path):
    """The text in an export's CDATA is the document; a fault's line is that of the file."""
    one = only(written(tmp_path / "u.xml", EXPORT.format(BROKEN)))
    assert ("error", 5, "numeric", "i") in faults(one)
    assert one.blocks[0].line == 3


def test_a_hand_written_block_is_checked_without_what_only_the_platform_reads(tmp_path):
    """`url_name` on nested OLX is no unknown setting."""
    text = SOUND.replace('schema="1"', 'schema="1"\n  url_name="u"\n  slug="s"')
    assert faults(only(written(tmp_path / "u.xml", text))) == []


def test_a_block_inside_a_unit_is_found_by_the_units_lines(tmp_path):
    """A unit that holds the elements themselves is checked in place; what only points to a file is not."""
    one = only(written(tmp_path / "unit.xml", UNIT.format(BROKEN)))
    assert len(one.blocks) == 1
    assert ("error", 5, "numeric", "i") in faults(one)


@pytest.mark.parametrize("text", [
    "", "no XML", "<vertical/>", "<adaptive_problem_set>", '<!DOCTYPE a [<!ENTITY e "x">]><a/>'])
def test_a_file_without_a_document_is_at_fault(tmp_path, text):
    """Whatever a named file holds instead of a document is told as an error."""
    one = only(written(tmp_path / "x.xml", text))
    assert one.count("error") == 1
    assert status([one]) == 1


def test_a_course_folder_is_searched(tmp_path):
    """Of a folder those files are checked that hold a block of ours, in order, however deep."""
    written(tmp_path / "course/adaptive_problem_set/b.xml", EXPORT.format(SOUND))
    written(tmp_path / "course/adaptive_problem_set/a.xml", EXPORT.format(BROKEN))
    written(tmp_path / "course/vertical/u.xml", '<vertical><html url_name="h"/></vertical>')
    written(tmp_path / "course/.git/c.xml", BROKEN)
    found = check([str(tmp_path / "course")])
    assert [one.name.rpartition("/")[2] for one in found] == ["a.xml", "b.xml"]
    assert status(found) == 1


def test_a_folder_without_a_block_of_ours_is_no_success(tmp_path):
    """A check that found nothing to check says so and fails."""
    written(tmp_path / "course/html/a.xml", "<html/>")
    one = only(tmp_path / "course")
    assert "holds no block of this suite" in one.problem
    assert status([one]) == 2


def test_an_archive_is_read_without_being_unpacked(tmp_path, monkeypatch):
    """A course's .tar.gz is checked like its folder, and nothing is written anywhere."""
    archive(tmp_path / "course.tar.gz", [
        ("course/adaptive_problem_set/a.xml", EXPORT.format(BROKEN).encode()), ("course/html/h.xml", b"<html/>"),
        ("course/static/big.bin", bytes(3_000_000)), ("course/adaptive_problem_set/b.xml", SOUND.encode())])
    monkeypatch.chdir(tmp_path)
    found = check(["course.tar.gz"])
    assert [one.name for one in found] == [
        "course.tar.gz/course/adaptive_problem_set/a.xml", "course.tar.gz/course/adaptive_problem_set/b.xml"]
    assert [path.name for path in tmp_path.iterdir()] == ["course.tar.gz"]


@pytest.mark.parametrize("name", ["../outside.xml", "/etc/outside.xml", "course/../../outside.xml"])
def test_an_archive_that_leads_out_of_itself_is_refused(tmp_path, name):
    """A name with `..` or from the root ends the reading of the archive; what came before it is still checked."""
    path = archive(tmp_path / "course.tar.gz", [("a.xml", SOUND.encode()), (name, BROKEN.encode())])
    first, second = check([str(path)])
    assert isinstance(first, Checked)
    assert "leads out of it" in second.problem
    assert not (tmp_path.parent / "outside.xml").exists()


def test_links_and_devices_of_an_archive_are_passed_over(tmp_path):
    """Only plain files count: a link named like a block could point at anything."""
    link = tarfile.TarInfo("link.xml")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device = tarfile.TarInfo("device.xml")
    device.type = tarfile.CHRTYPE
    path = archive(tmp_path / "course.tar.gz", [(link, b""), (device, b""), ("a.xml", SOUND.encode())])
    assert only(path).name.endswith("/a.xml")


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    """What an archive unpacks to is bounded, also in what is only passed over."""
    monkeypatch.setattr(reading, "MOST_UNPACKED", 1_000_000)
    path = archive(tmp_path / "bomb.tar.gz", [("zeros.bin", bytes(5_000_000)), ("a.xml", SOUND.encode())])
    assert path.stat().st_size < 20_000
    assert "unpacks to more than 1,000,000 bytes" in only(path).problem


def test_an_archive_with_a_huge_header_is_refused(tmp_path):
    """A header that claims gigabytes is not read into memory."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 4_000_000_000
    path = tmp_path / "bomb.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20)))
    assert "claims 4,000,000,000 bytes" in only(path).problem


def test_an_archive_with_too_many_entries_is_refused(tmp_path, monkeypatch):
    """The number of entries is bounded."""
    monkeypatch.setattr(reading, "MOST_ENTRIES", 3)
    assert "more than 3 entries" in only(archive(tmp_path / "many.tar.gz", [("a", b"")] * 5)).problem


@pytest.mark.parametrize("damage", [
    lambda data: data[:len(data) // 2], lambda data: data[:40] + b"\0" * 40 + data[80:],
    lambda data: gzip.compress(b"no archive" * 200),
])
def test_a_damaged_archive_is_told(tmp_path, damage):
    """A cut, spoilt or foreign archive is one sentence, not a traceback."""
    path = archive(tmp_path / "a.tar.gz", [("a.xml", SOUND.encode() + b"<!--" + bytes(range(256)) * 99 + b"-->")])
    path.write_bytes(damage(path.read_bytes()))
    found = check([str(path)])
    assert isinstance(found[-1], Unread)
    assert status(found) == 2


def test_a_huge_file_is_not_read_whole(tmp_path):
    """A file above the parser's bound is refused by its size, in a folder and an archive too."""
    huge = SOUND + " " * reading.MAX_BYTES
    written(tmp_path / "course/a.xml", huge)
    path = archive(tmp_path / "course.tar.gz", [("a.xml", huge.encode())])
    found = check([str(tmp_path / "course/a.xml"), str(tmp_path / "course"), str(path)])
    assert [one.problem for one in found] == ["It has more than 8,000,000 bytes, which is the most that is read."] * 3


@pytest.mark.parametrize("data, problem", [
    (SOUND.replace("A", "\n\xe9").encode("latin-1"), "Line 3 is not UTF-8."),
    (b'<?xml version="1.0" encoding="klingon"?><a/>', "Its encoding, klingon, is not known."),
    (b'<?xml version="1.0" encoding="hex"?><a/>', "Its encoding, hex, is not known."),
    (b"PK\x03\x04rest", "This is a zip archive."),
])
def test_a_file_that_is_no_text_is_told(tmp_path, data, problem):
    """What cannot be decoded is unread, with the line where that shows."""
    path = tmp_path / "x.xml"
    path.write_bytes(data)
    assert only(path).problem == problem


@pytest.mark.parametrize("encoding, head", [
    ("latin-1", '<?xml version="1.0" encoding="ISO-8859-1"?>\n'), ("utf-16", ""), ("utf-8-sig", "")])
def test_other_encodings_are_read_where_they_are_declared(tmp_path, encoding, head):
    """A declaration or a byte order mark says how a file is to be read."""
    path = tmp_path / "x.xml"
    path.write_bytes((head + SOUND.replace('"A"', '"é"')).encode(encoding))
    one = only(path)
    assert one.faults == ()
    assert one.blocks[0].document.skills["a"].name == "é"


def test_what_may_not_be_read_is_told_and_the_rest_checked(tmp_path, monkeypatch):
    """A file without permission in a folder is unread; its neighbours are checked all the same."""
    written(tmp_path / "course/a.xml", BROKEN)
    written(tmp_path / "course/b.xml", SOUND)

    def refuse(path, mode):
        if str(path).endswith("a.xml"):
            raise PermissionError(13, "Permission denied", str(path))
        return open(path, mode)

    monkeypatch.setattr(reading, "open", refuse, raising=False)
    found = check([str(tmp_path / "course")])
    assert {type(one).__name__: one.name.rpartition("/")[2] for one in found} == {"Unread": "a.xml", "Checked": "b.xml"}
    assert status(found) == 2


def test_blocks_of_a_course_that_contradict_each_other_are_told(tmp_path):
    """A skill with other parameters in two blocks of one folder is a warning; in files named singly it is not."""
    written(tmp_path / "course/a.xml", SOUND.replace('name="A"', 'name="A" prior="0.2"'))
    written(tmp_path / "course/b.xml", EXPORT.format(SOUND.replace('name="A"', 'name="A" prior="0.4"')))
    first, second = check([str(tmp_path / "course")])
    assert (faults(first), faults(second)) == ([], [("warning", 4, "skill", None)])
    assert "a.xml, line 2" in str(second.faults[0].problem)
    assert not any(one.faults for one in check([str(tmp_path / "course/a.xml"), str(tmp_path / "course/b.xml")]))


def test_what_is_printed_cannot_steer_the_terminal(tmp_path):
    """Control characters and overrides of direction from names and documents are written out."""
    path = written(tmp_path / "a\x1b[31m.xml", SOUND.replace('skills="a"', 'skills="\u202eb"'))
    stream = io.StringIO()
    print_table(check([str(path)]), Printer(stream, {}))
    assert "\x1b" not in stream.getvalue() and "\u202e" not in stream.getvalue()
    assert "\\x1b[31m.xml" in stream.getvalue()


@pytest.mark.parametrize("columns", ["30", "60", "100"])
def test_lines_fit_the_terminal(command, tmp_path, columns):
    """Sentences are wrapped at the terminal's width, at least 40 columns."""
    run = command("check", written(tmp_path / "b.xml", BROKEN), environ={"COLUMNS": columns})
    assert max(map(len, run.stdout.splitlines()[1:-1])) <= max(40, int(columns))


def test_a_terminal_without_utf8_gets_every_line(command, tmp_path):
    """What the terminal cannot write is written as an escape."""
    run = command("check", written(tmp_path / "b.xml", BROKEN), environ={"PYTHONIOENCODING": "ascii"})
    assert run.returncode == 1
    assert "\\u201ci\\u201d" in run.stdout


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        """Yes."""
        return True


@pytest.mark.parametrize("stream, environ, expected", [
    (Terminal(), {}, True), (Terminal(), {"NO_COLOR": "1"}, False), (Terminal(), {"TERM": "dumb"}, False),
    (io.StringIO(), {}, False),
])
def test_colour_is_for_terminals_that_want_it(tmp_path, stream, environ, expected):
    """Only a terminal gets colour, and NO_COLOR switches it off."""
    print_table(check([str(written(tmp_path / "b.xml", BROKEN))]), Printer(stream, environ))
    assert ("\x1b[31merror\x1b[0m" in stream.getvalue()) is expected


def test_a_reader_that_has_seen_enough_is_no_error(command, tmp_path):
    """A closed pipe ends the command without a traceback."""
    path = written(tmp_path / "b.xml", SOUND.replace("</adaptive", "<x/>" * 900 + "</adaptive"))
    reader, writer = os.pipe()
    os.close(reader)
    run = command("check", path, stdout=writer)
    os.close(writer)
    assert (run.returncode, run.stderr) == (1, "")


def test_our_own_scenarios_pass(command):
    """What the package brings has no error."""
    assert command("check", ROOT / "adaptive_xblocks" / "workbench_scenarios").returncode == 0
