import shapely

from assetmgr import geography


def test_each_of_the_290_municipalities_has_a_code_a_name_and_a_valid_boundary():
    listed = geography.municipalities()
    assert len(listed) == len(dict(listed)) == 290
    assert all(len(code) == 4 and code.isdigit() and name for code, name in listed)
    assert all(shapely.is_valid(geography.municipality(code).boundary) for code, _ in listed)


def test_botkyrka_lies_round_kagghamra():
    botkyrka = geography.municipality("0127")
    assert (botkyrka.code, botkyrka.name) == ("0127", "Botkyrka")
    assert botkyrka.boundary.contains(shapely.Point(17.78, 59.10))


def test_a_code_that_no_municipality_has_gives_none():
    assert geography.municipality("9999") is None


def test_attribution_names_the_source_and_the_licence_of_the_package():
    text = geography.attribution()
    assert "Statistics Sweden" in text
    assert "MIT License" in text
