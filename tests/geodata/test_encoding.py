import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.encoding import Encoding, guess_encoding, known_codec, text_encoding

SWEDISH = "Västra Åkerövägen, Örnsköldsvik, Ängsö"


@pytest.mark.parametrize(
    ("written", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf8\r\n", "utf-8"),
        ("65001", "utf-8"),
        ("1252", "cp1252"),
        ("ANSI 1252", "cp1252"),
        ("CP850", "cp850"),
        ("OEM 850", "cp850"),
        ("LDID/87", "cp1252"),
        ("LDID/0", None),
        ("ISO-8859-1", "iso8859-1"),
        ("ISO 88591", "iso8859-1"),
        ("88591", "iso8859-1"),
        ("Klingon", None),
        ("", None),
        (None, None),
    ],
)
def test_names_of_code_pages_are_understood(written: str | None, codec: str | None) -> None:
    assert known_codec(written) == codec


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850"])
def test_swedish_text_tells_its_encoding(encoding: str) -> None:
    assert guess_encoding(SWEDISH.encode(encoding)) == encoding


def test_text_without_special_letters_is_utf8() -> None:
    assert guess_encoding(b"abc;1") == "utf-8"


@pytest.mark.parametrize("content", [b"a\x00b", b"\x81\x8d\x00"])
def test_bytes_that_are_no_text_have_no_encoding(content: bytes) -> None:
    assert guess_encoding(content) is None


def test_declared_encoding_counts_only_if_the_bytes_bear_it_out() -> None:
    assert text_encoding(SWEDISH.encode("cp1252"), "UTF-8") == Encoding("cp1252", declared=False)
    assert text_encoding(SWEDISH.encode("cp850"), "850") == Encoding("cp850", declared=True)


def test_mark_at_the_start_counts_most() -> None:
    assert text_encoding(SWEDISH.encode("utf-8-sig"), "1252") == Encoding("utf-8-sig", declared=True)
    assert text_encoding(SWEDISH.encode("utf-16")) == Encoding("utf-16", declared=True)
    assert text_encoding(b"\xff\xfea") is None


@given(st.binary(max_size=200), st.sampled_from([None, "UTF-8", "1252", "LDID/2"]))
def test_what_is_found_always_decodes(content: bytes, declared: str | None) -> None:
    found = text_encoding(content, declared)
    assert found is None or isinstance(content.decode(found.name), str)
