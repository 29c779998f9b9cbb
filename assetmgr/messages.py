"""What each code says to people: every error and finding in one place, in English; the catalogue has the Swedish.

A message names the thing, the reason and the remedy. Values come from the error's details, and for a row's issue from its row, field
and value as well.
"""

from collections.abc import Mapping
from typing import Any

from assetmgr.i18n import N_, translator
from geodata.issues import Issue

MESSAGES: dict[str, str] = {
    "usage": N_("The command is not understood."),
    "target_unknown": N_('The field "%(target)s" does not exist for this type. Fields: %(targets)s.'),
    "scale_unknown": N_('The grading scale "%(scale)s" does not exist. Choose one of %(scales)s.'),
    "one_scale_only": N_("One file has one condition column, but scales were given for several: %(fields)s. Keep one."),
    "asset_type_unknown": N_('The asset type "%(type)s" does not exist. Types: %(types)s.'),
    "budget_malformed": N_(
        'The budget "%(text)s" cannot be read. Write FUND=KRONOR or FUND:YEAR=KRONOR, for example va=6500000.'
    ),
    "budget_year_outside": N_(
        'The budget "%(text)s" is for a year outside the plan, which runs %(first)s to %(last)s.'
    ),
    "pair_repeated": N_("%(name)s was given twice, as %(values)s. Keep one."),
    "pair_malformed": N_('"%(text)s" cannot be read. Write %(form)s.'),
    "database_missing": N_(
        'There is no register at %(path)s. Make one with "assetmgr init" or "assetmgr demo", or name another with --database.'
    ),
    "database_not_writable": N_("%(path)s cannot be written to (%(reason)s). Choose another place with --database."),
    "not_a_register": N_(
        "%(path)s is not an asset register. Nothing in it was changed. Name the right file with --database."
    ),
    "database_empty": N_('%(path)s is empty. Make a register in it with "assetmgr init".'),
    "schema_newer": N_(
        "The register at %(path)s was made by a newer version (%(found)s; this one knows %(known)s). Update assetmgr; nothing was changed."
    ),
    "schema_older": N_(
        'The register at %(path)s was made by an older version (%(found)s; this one needs %(known)s). Run "assetmgr init --upgrade" after a backup; nothing was changed.'
    ),
    "database_url_invalid": N_(
        '"%(url)s" is not a database address. Write a file path, sqlite:///PATH or postgresql://USER@HOST/NAME.'
    ),
    "database_unreachable": N_(
        "The database at %(path)s does not answer: %(reason)s. Check that it is running and that the address is right."
    ),
    "database_busy": N_("The register at %(path)s is busy with somebody else's saving. Try again in a moment."),
    "sqlite_too_old": N_(
        "This SQLite, %(found)s, may damage a register. Version %(needed)s or newer is needed; install the package pysqlite3."
    ),
    "postgis_missing": N_("The database at %(path)s lacks PostGIS. Install the extension on the server."),
    "register_not_initialised": N_('The register has not been set up. Run "assetmgr init".'),
    "demonstration_too_early": N_(
        "The demonstration cannot take place on %(as_of)s: what it shows was not built then. "
        "Choose %(earliest)s or later."
    ),
    "register_exists": N_(
        'There is a register already at %(path)s; it was left untouched. Start it with "assetmgr serve", or name another place with --database.'
    ),
    "municipality_unknown": N_(
        "There is no municipality with code %(municipality)s. The code has four figures, for example 0127."
    ),
    "crs_unsuitable": N_(
        "%(crs)s cannot be a register's coordinate system: it must be projected, in metres. SWEREF 99 TM is EPSG:3006."
    ),
    "crs_far_from_municipality": N_(
        "%(crs)s does not cover %(municipality)s. Choose a coordinate system that does, for example EPSG:3006."
    ),
    "user_unknown": N_('There is no user named %(name)s. Add one with "assetmgr user add %(name)s --role ROLE".'),
    "user_exists": N_("There is a user named %(name)s already. Choose another name."),
    "role_unknown": N_("The role %(role)s does not exist. Roles: %(roles)s."),
    "not_allowed": N_("%(actor)s may not do this (%(right)s). It takes one of the roles %(roles)s."),
    "not_found": N_("There is nothing by that name."),
    "asset_not_found": N_("There is no asset %(id)s that you may see. Write a uid or SOURCE:KEY."),
    "asset_id_malformed": N_('"%(id)s" names no asset. Write a uid or SOURCE:KEY, for example demo-va:KAG-V-0031.'),
    "asset_ambiguous": N_("%(id)s means more than one asset. Name one by uid: %(uids)s."),
    "edit_conflict": N_("Somebody saved this while you were writing. Read it again and choose what shall hold."),
    "refused": N_("This was refused."),
    "invalid_input": N_("Some values cannot be saved."),
    "port_in_use": N_("Port %(port)s is taken by another program. Choose another with --port."),
    "import_refused": N_("The file was refused; nothing was written."),
    "profile_unknown": N_(
        "There is no saved profile named %(profile)s. Give --map, --key or --source once, and it is saved under that name."
    ),
    "profile_of_other_type": N_("The profile %(profile)s is for %(asset_type)s. Choose another profile or type."),
    "column_not_found": N_('The file has no column "%(field)s". It has %(columns)s.'),
    "unmapped_columns": N_(
        "Columns that belong to no field: %(columns)s. Map them with --map FIELD=COLUMN, or leave out --strict to keep them as source data."
    ),
    "crs_missing": N_(
        "%(file)s does not say which coordinate system it uses. Say it with --crs, for example --crs EPSG:3006. The numbers would fit: %(guesses)s."
    ),
    "crs_unknown": N_('The coordinate system "%(crs)s" is not known. Write an EPSG code, for example EPSG:3006.'),
    "axes_swapped": N_(
        "The coordinates of %(file)s seem to have north and east the wrong way round for %(crs)s. Name the columns with --map east=COLUMN --map north=COLUMN, or correct the file."
    ),
    "wrong_geometry_kind": N_(
        "The layer holds %(found)s, but this type takes %(expected)s. Choose another layer or type."
    ),
    "outside_area_of_use": N_(
        "%(count)s rows lie outside where %(crs)s is used (first: row %(rows)s). Check --crs, or say --accept-outside."
    ),
    "outside_municipality": N_(
        "%(count)s of %(read)s rows lie more than 2 km outside %(municipality)s (first: row %(rows)s). Check --crs, or say --accept-outside."
    ),
    "coincides_with_source": N_(
        "%(count)s rows are the same objects as those of source %(others)s (first: row %(rows)s). If this is a new delivery of it, say --source %(others)s; if it really is another source, say --source %(source)s."
    ),
    "all_or_nothing": N_(
        "%(count)s rows are wrong, so nothing was written, as you asked. Correct them, or leave out --all-or-nothing."
    ),
    "file_not_found": N_("There is no file %(file)s. Check the path."),
    "unreadable": N_("%(file)s cannot be read (%(reason)s). Export it anew from where it was made."),
    "empty_file": N_("%(file)s is empty. Export it anew from where it was made."),
    "unknown_format": N_("%(file)s is of a kind that cannot be read (%(suffix)s). Readable: %(supported)s."),
    "format_mismatch": N_(
        "%(file)s is not the %(expected)s that its name says. Export it anew, or give it the right name."
    ),
    "wrong_encoding": N_("%(file)s is not written in %(expected)s as it says (row %(row)s). Save it as UTF-8."),
    "several_layers": N_("%(file)s has several layers: %(layers)s. Choose one with --layer."),
    "layer_not_found": N_('%(file)s has no layer "%(layer)s". It has %(layers)s.'),
    "no_rows": N_("%(file)s has no rows (layer %(layer)s)."),
    "no_columns": N_("%(file)s has no columns. The first row must name them."),
    "duplicate_columns": N_("%(file)s has several columns with the same name: %(columns)s. Give each its own."),
    "malformed_row": N_(
        "%(file)s cannot be read from row %(row)s on (%(reason)s). Look for a missing quotation mark there."
    ),
    "hostile_file": N_(
        "%(file)s holds something that a data file must not (%(reason)s: %(name)s). Ask for a plain export of the layer."
    ),
    "limit_exceeded": N_("%(file)s is too large or took too long (%(limit)s, at most %(maximum)s). Split it."),
    "reader_failed": N_(
        "%(file)s could not be read; the reader stopped (%(reason)s). The file is probably damaged. Export it anew."
    ),
    "sandbox_unavailable": N_(
        "%(file)s was not opened: this machine cannot confine the reader (%(missing)s), and the setting requires it."
    ),
    "zip_unsafe": N_(
        "%(file)s is an archive that cannot be unpacked safely (%(reason)s: %(name)s). Ask for a plain zip."
    ),
    "missing_part": N_("%(file)s lacks its part %(part)s. A Shapefile needs .shp, .shx and .dbf together."),
    "output_unwritable": N_("%(file)s cannot be written (%(reason)s). Choose another place."),
    "not_a_number": N_('"%(value)s" is not a number. Write figures only, with decimal comma or point.'),
    "not_a_whole_number": N_("%(value)s is not a whole number. Write it without decimals."),
    "not_a_date": N_('"%(value)s" is not a date. Write it as 2026-11-24.'),
    "not_yes_or_no": N_('"%(value)s" is neither yes nor no. Write ja or nej.'),
    "below_minimum": N_(
        "%(value)s is too low; the least is %(minimum)s. Correct it, or leave it empty if it is unknown."
    ),
    "above_maximum": N_(
        "%(value)s is too high; the most is %(maximum)s. Correct it, or leave it empty if it is unknown."
    ),
    "date_in_future": N_("The day %(value)s lies in the future. Write the day it was done."),
    "year_in_future": N_("The year %(value)s lies in the future. Write a year up to %(year)s."),
    "grade_off_scale": N_(
        '"%(value)s" is not a grade of %(scale)s. Correct it, choose another scale, or say --unknown %(field)s=%(value)s.'
    ),
    "text_too_long": N_("The text is longer than 4,000 characters. Shorten it."),
    "code_unknown": N_(
        '"%(value)s" is not in the list for this field; %(count)s rows are unknown there, and the value is kept as source data. Map it in the file to a value of the list.'
    ),
    "unmapped_column": N_(
        "The column belongs to no field and is kept as source data (%(rows)s rows). Map it with --map FIELD=%(field)s if it does."
    ),
    "key_column_proposed": N_("Rows are told apart by this column. Name another with --key if that is wrong."),
    "key_column_passed_over": N_(
        "The column looks like an id but is mostly empty or repeated, so rows are told apart by place and content. Name one with --key."
    ),
    "key_missing": N_("The row has no id. Fill it in."),
    "duplicate_key": N_(
        "The id %(value)s stands on %(count)s rows (%(rows)s). All are refused, since which is right cannot be known. Keep one."
    ),
    "duplicate_row": N_(
        "The same row stands %(count)s times (%(rows)s). All are refused. Keep one, or give them an id."
    ),
    "key_unknown": N_(
        "The register has no object with id %(value)s from this source, and only updates were asked for. Correct the id, or use --mode upsert."
    ),
    "uid_unknown": N_(
        "No object that you may see has uid %(value)s, and the row has no key. Leave the uid empty for a new object and give it a key."
    ),
    "uid_of_other_type": N_("The object with uid %(value)s is of type %(asset_type)s. Import it as that type."),
    "parent_not_found": N_(
        'There is no %(parent_types)s named "%(value)s" to belong to. Import that first, or correct the name.'
    ),
    "parent_ambiguous": N_('"%(value)s" could be %(count)s objects. Name the parent as SOURCE:KEY or by uid.'),
    "geometry_missing": N_(
        "%(count)s rows have no place (first: row %(rows)s). They are in the register but not on the map."
    ),
    "geometry_not_kept": N_("This type has no place of its own; the layer's geometry was not kept."),
    "zero_length": N_("The line has no length: its ends are the same place. Check it in the file."),
    "geometry_invalid": N_('The shape is not valid: %(value)s. Repair it, for example with "Fix geometries" in QGIS.'),
    "geometry_unsupported": N_(
        "The shape is of a kind that cannot be kept (%(type)s). Convert it to points, lines or areas."
    ),
    "geometry_unreadable": N_("The shape cannot be read. Correct it in the file."),
    "coordinates_not_finite": N_("The shape has coordinates that are not numbers. Correct it in the file."),
    "coordinates_unusable": N_("The coordinates cannot be converted from %(crs)s. Check --crs."),
    "wrong_geometry_kind_row": N_(
        "The row is not a %(expected)s, which this type takes. Correct it, or import it as another type."
    ),
    "outside_area_of_use_row": N_("The row lies outside where %(crs)s is used. Correct its coordinates."),
    "outside_municipality_row": N_("The row lies more than 2 km outside %(municipality)s. Check its coordinates."),
    "conflict": N_(
        "Somebody changed this field to %(register_value)s since the last delivery, which now says %(value)s. The register's value stays until someone decides."
    ),
    "gone": N_(
        "%(count)s objects that source %(source)s delivered before are not in this file (%(keys)s). They are left as they are."
    ),
    "ragged_row": N_(
        "The row has %(found)s cells where the header has %(expected)s. Look for an extra or missing separator."
    ),
    "z_dropped": N_("Heights were left out (%(count)s rows); the register keeps places in two dimensions."),
    "m_dropped": N_("Measures along lines were left out (%(count)s rows)."),
    "curve_linearised": N_(
        "Curves were made into short straight pieces (%(count)s rows, %(step_degrees)s degrees each)."
    ),
    "encoding_guessed": N_(
        "The file does not say how letters are written; it was read as %(encoding)s. Check \u00e5, \u00e4 and \u00f6."
    ),
    "encoding_mismatch": N_(
        "The file says %(declared)s but was read as %(encoding)s, which fits. Check \u00e5, \u00e4 and \u00f6."
    ),
    "crs_unreadable": N_("The file's coordinate system could not be understood (%(crs)s). Say which it is with --crs."),
    "blank_rows": N_("%(count)s empty rows were passed over."),
    "unnamed_column": N_("A column without a name was called %(column)s."),
    "mixed_types": N_("The column holds values of different kinds, and was read as text."),
    "internal": N_(
        "Something went wrong in the program. Nothing was half-saved. Try again, or give the code %(request_id)s to support."
    ),
    "plan_name_used": N_('There is already a plan named "%(name)s". Choose another name.'),
    "plan_name_missing": N_("The plan has no name. Give it one."),
    "plan_name_too_long": N_("The plan's name is %(length)s characters long; %(longest)s is the most."),
    "plan_years_outside": N_("A plan is %(shortest)s to %(longest)s years long, not %(years)s."),
    "plan_first_year_outside": N_(
        "The first year %(year)s cannot be right. Write one from %(earliest)s to %(latest)s."
    ),
    "plan_seed_outside": N_("The seed %(seed)s is outside 0 to %(largest)s."),
    "budget_fund_unknown": N_('There is no fund named "%(fund)s". Funds: %(funds)s.'),
    "budget_year_outside_plan": N_(
        "The budget of %(fund)s is for %(year)s, outside the plan, which runs %(first)s to %(last)s."
    ),
    "budget_not_whole_kronor": N_("The budget of %(fund)s in %(year)s is %(amount)s. Write whole kronor."),
    "budget_negative": N_("The budget of %(fund)s in %(year)s is %(amount)s. It cannot be below 0."),
    "budget_too_large": N_("The budget of %(fund)s in %(year)s is %(amount)s kronor; %(largest)s is the most."),
    "plan_inputs_refused": N_(
        "The register cannot be planned as it is (%(cause)s: %(values)s). Correct "
        "the municipality's own figures or the assets that are named."
    ),
    "reference_override_refused": N_("One of the municipality's own figures cannot be used: %(cause)s. Correct it."),
    "plan_not_found": N_('There is no plan "%(plan)s". Write its name or number; "assetmgr plan list" shows them.'),
    "disposal_without_decision": N_("Values about people are disposed of by a decision only. Name it as the reason."),
    "plan_not_draft": N_('The plan "%(name)s" is no draft any more, so it is not worked out again.'),
    "plan_sees_more": N_(
        'The plan "%(name)s" holds objects that you may not see, so you cannot work it out again. Ask whoever made it.'
    ),
    "export_format_unknown": N_('A plan cannot be written as "%(format)s". Choose one of %(formats)s.'),
    "year_outside_plan": N_('The year %(year)s is outside the plan "%(name)s", which runs %(first)s to %(last)s.'),
    "folder_missing": N_(
        "The folder %(folder)s does not exist, so %(file)s cannot be written there. Make it or choose another."
    ),
    "file_is_register": N_("%(path)s belongs to an asset register and is not written over. Choose another name."),
    "file_is_folder": N_("%(path)s is a folder. Write the name of a file."),
    "file_not_writable": N_("%(path)s cannot be written (%(reason)s). Choose another place."),
    "port_not_allowed": N_(
        "Port %(port)s may not be used by this user. Choose one between 1024 and 65535 with --port."
    ),
    "host_unknown": N_("This machine has no address %(host)s to listen on. Choose another with --host."),
    "service_did_not_start": N_("The service did not start (%(process)s). The log above says why."),
    "schedule_unknown": N_('The schedule has no job named "%(name)s". Jobs: %(names)s.'),
    "job_not_found": N_("There is no job %(id)s."),
    "job_kind_unknown": N_('There is no kind of job named "%(kind)s". Kinds: %(kinds)s.'),
    "job_cancelled": N_("The job %(name)s was called off before it was done. Run it again to do the rest."),
    "job_crashed": N_("The job %(kind)s stopped on a fault in the program (%(fault)s). The log says where."),
    "worker_lost": N_("The job was given up: its worker died %(attempts)s times while doing it. The log says more."),
    "database_readable_by_all": N_(
        "Others on this machine can read the register at %(path)s. Take away their right to it (chmod 600) and start again."
    ),
    "password_too_short": N_("The password is too short. Write at least %(shortest)s characters."),
    "password_too_long": N_("The password is too long; %(longest)s characters is the most."),
    "user_name_invalid": N_('"%(name)s" cannot be a user name. Write at least one letter, and no line breaks.'),
    "secret_key_missing": N_(
        "The service has no secret key. Put a random one of at least 32 characters in %(variable)s."
    ),
    "secret_key_weak": N_("The secret key in %(where)s is too weak. It needs at least %(shortest)s random characters."),
    "secret_key_readable": N_(
        "Others on this machine can read the secret key at %(path)s. Take away their right to it (chmod 600)."
    ),
}
"""Code -> English text."""


class _Gaps(dict[str, Any]):
    """Values for a message; one that is not there shows as a dash rather than hiding the message."""

    def __missing__(self, key: str) -> str:
        return "–"


def message(code: str, details: Mapping[str, Any], language: str) -> str:
    """The text of a code in this language, with its values filled in."""
    text = translator(language)(MESSAGES.get(code, MESSAGES["refused"]))
    return text % _Gaps({name: _shown(value) for name, value in details.items()})


def issue_message(issue: Issue, language: str) -> str:
    """What a finding about a file or row says."""
    return message(
        issue.code, {"row": issue.row, "field": issue.field, "value": issue.value, **issue.details}, language
    )


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(item) for item in value) or "–"
    return str(value)
