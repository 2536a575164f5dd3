"""Imports: hand a file in, see how it was understood and what it would do, bring it in, look at it, take it back."""

import gzip
import os
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from assay.actions import uploads
from assay.actions.actors import actor
from assay.desk.imports import limit, process
from assay.domain.errors import MoveRefused
from assay.intake.bring_in import bring_in
from assay.records.imports import UploadState
from assay.records.models import Import, Lead, Quarantine, Signal, Spend, Upload
from tests import people
from tests.desk.reading import queries

pytestmark = pytest.mark.django_db

LEADS = "Email,Full name,Company name,Size\nnina@north.example,Nina North,North,12\nolga@oak.example,Olga Oak,Oak,40\n"
BAD = LEADS + "nonsense,Bad One,Bad,1\n=1+1,Evil,,\n"
SIGNALS = "when,what,mail\n2026-01-05T10:00:00Z,pricing_view,nina@north.example\n"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process runs within the test: the test's database is its own."""
    monkeypatch.setattr(process, "start", lambda upload: bring_in(upload.pk))
    yield
    for left in uploads.folder().iterdir():
        left.unlink()


@pytest.fixture
def mara(client: Client) -> Client:
    """A browser in which Mara is signed in."""
    client.force_login(people.mara())
    return client


def hand_in(client: Client, content: str | bytes, name: str = "crm.csv", kind: str = "leads") -> Upload | str:
    """The upload, or what the page said against it."""
    data = content.encode() if isinstance(content, str) else content
    answer = client.post("/imports/", {"kind": kind, "file": SimpleUploadedFile(name, data)})
    if answer.status_code == 302:
        return Upload.objects.get(pk=int(re.findall(r"\d+", answer["Location"])[-1]))
    alert = re.search(r'role="alert">([^<]+)<', answer.content.decode())
    assert alert
    assert answer.status_code in (413, 422)
    return alert[1]


def handed_in(client: Client, content: str, kind: str = "leads", name: str = "crm.csv") -> Upload:
    kept = hand_in(client, content, name, kind)
    assert isinstance(kept, Upload)
    return kept


def look(client: Client, upload: Upload, **asked: str) -> str:
    return client.get(f"/imports/upload/{upload.pk}/", asked).content.decode()


def start(client: Client, upload: Upload, **said: str) -> str:
    return client.post(f"/imports/upload/{upload.pk}/start/", said, follow=True).content.decode()


def waiting_files() -> list[Path]:
    return list(uploads.folder().iterdir())


class TestLookingFirst:
    def test_the_mapping_is_found_and_shown_with_sample_rows_and_nothing_is_written(self, mara: Client) -> None:
        page = look(mara, handed_in(mara, LEADS))
        assert '<option value="email" selected>' in page
        assert '<option value="company" selected>' in page
        assert "Nina North" in page
        assert "All 2 rows" in page
        assert "Bring it in" in page
        assert not Lead.objects.exists()
        assert not Import.objects.exists()

    def test_rows_that_cannot_be_used_are_told_one_by_one(self, mara: Client) -> None:
        page = look(mara, handed_in(mara, BAD))
        assert "Line 4" in page
        assert "is not an address" in page
        assert "would run as a formula" in page
        assert not Quarantine.objects.exists()

    def test_a_row_that_is_two_people_on_record_is_told_before_the_import(self, mara: Client) -> None:
        start(mara, handed_in(mara, "lead_id,email\n1,nina@north.example\n2,olga@oak.example\n"))
        page = look(mara, handed_in(mara, "lead_id,email\n1,olga@oak.example\n3,new@oak.example\n", name="two.csv"))
        assert "is one person on record and" in page

    def test_columns_are_chosen_by_hand_and_any_can_be_left_as_it_is(self, mara: Client) -> None:
        upload = handed_in(mara, "A,B\nnina@north.example,Nina\n")
        page = look(mara, upload)
        assert "A lead file needs a column" in page
        assert "Choose below which column it is." in page
        mapped = re.search(r'name="mapped" value="([^"]+)"', page)
        assert mapped
        chosen = {"mapped": mapped[1], "column-0": "email", "column-1": ""}
        assert "Bring it in" in look(mara, upload, **chosen)
        twice = look(mara, upload, **chosen | {"column-1": "email"})
        assert "are both taken for email" in twice
        assert "Bring it in" not in twice
        start(mara, upload, **chosen)
        lead = Lead.objects.get()
        assert (lead.person.email, lead.person.name, lead.facts["lead.b"]) == ("nina@north.example", "", "Nina")

    def test_the_order_of_dates_is_asked_for_where_it_cannot_be_known(self, mara: Client) -> None:
        upload = handed_in(mara, "email,created\na@north.example,03/04/2026\n")
        page = look(mara, upload)
        assert "can be read with the day or the month first" in page
        assert "Choose below which comes first." in page
        assert "--date-order" not in page
        assert '<option value="captured_at" selected>' in page
        assert "Bring it in" in look(mara, upload, date_order="dmy")
        start(mara, upload, date_order="dmy")
        assert f"{Lead.objects.get().captured_at:%Y-%m}" == "2026-04"

    def test_encoding_and_delimiter_can_be_overruled(self, mara: Client) -> None:
        upload = hand_in(mara, "email;name\nzoe@north.example;Zoë\n".encode("cp1252"))
        assert isinstance(upload, Upload)
        assert "Zoë" in look(mara, upload, encoding="cp1252", delimiter="semicolon")
        assert "utf-8" in look(mara, upload, encoding="utf-8")
        assert "Zoë" not in look(mara, upload, encoding="utf-8")

    def test_looking_again_without_javascript_keeps_the_choices_in_the_address(self, mara: Client) -> None:
        upload = handed_in(mara, LEADS)
        answer = mara.post(f"/imports/upload/{upload.pk}/", {"date_order": "dmy", "csrfmiddlewaretoken": "secret"})
        assert answer.status_code == 302
        assert "date_order=dmy" in answer["Location"]
        assert "secret" not in answer["Location"]

    def test_a_file_longer_than_the_trial_says_so(self, mara: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("assay.intake.uploaded.TRIED", 1)
        assert "The first 1 rows, tried and taken back; there are more" in look(mara, handed_in(mara, LEADS))

    def test_htmx_gets_the_form_alone(self, mara: Client) -> None:
        headers = {"HX-Request": "true", "HX-Target": "look"}
        part = mara.get(f"/imports/upload/{handed_in(mara, LEADS).pk}/", headers=headers).content.decode()
        assert 'id="look"' in part
        assert "<html" not in part


class TestFilesThatAreNoTable:
    @pytest.mark.parametrize(
        ("content", "name", "sentence"),
        [
            (b"", "crm.csv", "crm.csv is empty."),
            (b"%PDF-1.4 x", "crm.csv", "crm.csv is a PDF document"),
            (b"email,name\n", "crm.csv", "has a header and no rows"),
            (b"nina@north.example,Nina\n", "crm.csv", "holds data, not the names of columns"),
            (b"PK\x03\x04 broken", "crm.xlsx", "damaged"),
            (b"no parquet", "crm.parquet", "is no Parquet file"),
            (gzip.compress(b"email\na@b.example\n" * 200, mtime=0)[:40], "crm.csv.gz", "damaged gzip"),
        ],
    )
    def test_it_is_refused_in_a_sentence_and_not_kept(
        self, mara: Client, content: bytes, name: str, sentence: str
    ) -> None:
        said = hand_in(mara, content, name)
        assert isinstance(said, str)
        assert sentence in said
        assert str(uploads.folder()) not in said
        assert not Upload.objects.exists()
        assert not waiting_files()

    def test_a_file_that_is_too_big_is_not_even_kept(self, mara: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limit, "MOST_BYTES", 100)
        assert "larger than 200 MB" in str(hand_in(mara, LEADS))
        assert not waiting_files()

    def test_a_name_is_only_ever_shown(self, mara: Client) -> None:
        upload = handed_in(mara, LEADS, name="../../etc/<b>pass\u202ewd.csv")
        assert upload.file_name == "<b>passwd.csv"
        assert [path.name for path in waiting_files()] == [upload.stored]
        assert re.fullmatch(r"[0-9a-f-]{36}\.csv", upload.stored)
        assert "&lt;b&gt;passwd.csv" in look(mara, upload)

    def test_no_file_is_asked_for(self, mara: Client) -> None:
        answer = mara.post("/imports/", {"kind": "leads"})
        assert answer.status_code == 422
        assert "Choose a file." in answer.content.decode()


class TestBringingIn:
    def test_leads_come_in_with_counts_mapping_and_who_did_it(self, mara: Client) -> None:
        page = start(mara, handed_in(mara, BAD))
        assert Lead.objects.count() == 2
        done = Import.objects.get()
        assert (done.counts["rows"], done.counts["new"], done.counts["quarantined"], str(done.by)) == (4, 2, 2, "Mara")
        for text in ("crm.csv", "Mara", "is not an address", "Full name", "Download as CSV"):
            assert text in page
        assert not waiting_files()

    def test_signals_come_in_and_wait_for_their_lead(self, mara: Client) -> None:
        upload = handed_in(mara, SIGNALS, kind="signals")
        page = look(mara, upload)
        mapped = re.search(r'name="mapped" value="([^"]+)"', page)
        assert mapped
        chosen = {"mapped": mapped[1], "column-0": "at", "column-1": "kind", "column-2": "email"}
        assert "1 for somebody who is no lead yet" in look(mara, upload, **chosen)
        start(mara, upload, **chosen)
        assert Signal.objects.get().kind == "pricing_view"

    def test_the_same_file_again_adds_nothing_and_says_so(self, mara: Client) -> None:
        start(mara, handed_in(mara, LEADS))
        again = handed_in(mara, LEADS, name="other-name.csv")
        assert "Mara brought in this very file already" in look(mara, again)
        assert "Nothing was added" in start(mara, again)
        assert Lead.objects.count() == 2

    def test_a_file_is_brought_in_once_however_often_it_is_clicked(self, mara: Client) -> None:
        upload = handed_in(mara, LEADS)
        start(mara, upload)
        assert "What it did" in look_at(mara, upload)
        assert mara.post(f"/imports/upload/{upload.pk}/start/", follow=True).status_code == 200
        assert Import.objects.count() == 1

    def test_a_file_without_a_usable_row_cannot_be_started(self, mara: Client) -> None:
        upload = handed_in(mara, "email\nnonsense\n")
        assert "None of these rows can be used" in look(mara, upload)
        assert "None of these rows can be used" in start(mara, upload)
        assert not Import.objects.exists()

    def test_progress_is_told_and_one_that_was_cut_off_goes_on(self, mara: Client) -> None:
        upload, now = handed_in(mara, LEADS), timezone.now()
        claimed = uploads.claim(upload.pk, actor(people.mara()), now, {})
        uploads.tell_rows(claimed, now, rows=2)
        uploads.tell_rows(claimed, now, done=1)
        page = look(mara, upload)
        assert "1 of 2 rows are in" in page
        assert 'hx-trigger="every 1s"' in page
        assert "running" in mara.get("/imports/").content.decode()
        uploads.tell_rows(claimed, now - uploads.SILENT - timedelta(seconds=1))
        page = look(mara, upload)
        assert "was cut off" in page
        assert "every 1s" not in page
        start(mara, upload)
        assert Lead.objects.count() == 2

    def test_htmx_is_sent_to_the_import_once_it_is_done(self, mara: Client) -> None:
        upload = handed_in(mara, LEADS)
        start(mara, upload)
        headers = {"HX-Request": "true", "HX-Target": "progress"}
        answer = mara.get(f"/imports/upload/{upload.pk}/", headers=headers)
        assert answer["HX-Redirect"] == f"/imports/{Import.objects.get().pk}/"

    def test_a_fault_while_bringing_in_is_told_and_the_file_is_kept(
        self, mara: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload = handed_in(mara, LEADS)
        uploads.claim(upload.pk, actor(people.mara()), timezone.now(), {})
        monkeypatch.setattr("assay.intake.uploaded.import_leads", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bring_in(upload.pk)
        upload.refresh_from_db()
        assert upload.state == UploadState.FAILED
        assert "nothing comes in twice" in upload.error
        monkeypatch.undo()
        assert "A fault stopped it" in look(mara, upload)
        assert "Bring it in" in look(mara, upload)

    def test_put_away_it_is_gone(self, mara: Client) -> None:
        upload = handed_in(mara, LEADS)
        page = mara.post(f"/imports/upload/{upload.pk}/discard/", follow=True).content.decode()
        assert "nothing was changed" in page
        assert not Upload.objects.exists()
        assert not waiting_files()

    def test_what_nobody_brought_in_goes_after_a_day(self, mara: Client) -> None:
        upload = handed_in(mara, LEADS)
        assert uploads.drop_old(timezone.now() + timedelta(hours=23)) == 0
        assert uploads.drop_old(timezone.now() + timedelta(hours=25)) == 1
        assert not waiting_files()
        assert not Upload.objects.filter(pk=upload.pk).exists()


def look_at(client: Client, upload: Upload) -> str:
    return client.get(f"/imports/upload/{upload.pk}/", follow=True).content.decode()


class TestHistory:
    def test_an_import_is_undone_once_and_says_by_whom(self, mara: Client) -> None:
        start(mara, handed_in(mara, LEADS))
        number = Import.objects.get().pk
        page = mara.post(f"/imports/{number}/undo/", follow=True).content.decode()
        assert "2 leads and 0 signals are gone" in page
        assert "Mara undid this import" in page
        assert not Lead.objects.exists()
        assert "was undone at" in mara.post(f"/imports/{number}/undo/", follow=True).content.decode()
        assert "undone" in mara.get("/imports/").content.decode()

    def test_one_that_is_running_cannot_be_undone(self, mara: Client) -> None:
        upload, at = handed_in(mara, LEADS), timezone.now()
        row = Import.objects.create(kind="leads", file_name="crm.csv", started_at=at)
        uploads.claim(upload.pk, actor(people.mara()), at, {})
        assert "still running" in mara.post(f"/imports/{row.pk}/undo/", follow=True).content.decode()
        row.refresh_from_db()
        assert row.undone_at is None

    def test_the_refused_rows_are_downloaded_safe_for_a_spreadsheet(self, mara: Client) -> None:
        start(mara, handed_in(mara, BAD))
        answer = mara.get(f"/imports/{Import.objects.get().pk}/refused.csv")
        lines = b"".join(answer).decode("utf-8-sig").splitlines()
        assert lines[0] == "line,reason,Company name,Email,Full name,Size"
        assert lines[1].startswith("4,")
        assert lines[1].endswith("Bad,nonsense,Bad One,1")
        assert "'=1+1" in lines[2]

    def test_nothing_yet_says_what_to_do(self, mara: Client) -> None:
        assert "Nothing was brought in yet" in mara.get("/imports/").content.decode()

    def test_it_takes_the_same_number_of_queries(self, mara: Client) -> None:
        counts = []
        for number in range(4):
            start(mara, handed_in(mara, f"email\nx{number}@north.example\n"))
            handed_in(mara, f"email\ny{number}@north.example\n")
            counts.append(queries(mara, "/imports/"))
        assert counts[1] == counts[3]

    def test_only_marketing_gets_in(self, client: Client) -> None:
        for user in (people.sam(), people.max_(), people.ada(), people.vic()):
            client.force_login(user)
            assert client.get("/imports/").status_code == 403
            with pytest.raises(MoveRefused):
                uploads.keep_upload([b"x"], "x", "", "leads", actor(user), timezone.now())


def test_a_process_of_its_own_brings_the_file_in(
    database_url: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("ASSAY_DATABASE", database_url)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "assay.settings")
    client.force_login(people.mara())
    upload = handed_in(client, LEADS)
    claimed = uploads.claim(upload.pk, actor(people.mara()), timezone.now(), {})
    running = process.start(claimed)
    assert running.args == [sys.executable, "-m", "assay.intake.bring_in", str(upload.pk)]
    assert os.getpgid(running.pid) != os.getpgid(0)
    assert running.wait(timeout=60) == 0
    upload.refresh_from_db()
    assert (upload.state, upload.rows, upload.rows_done) == (UploadState.DONE, 2, 2)
    assert Lead.objects.count() == 2


def test_costs_are_looked_at_brought_in_and_taken_back(mara: Client) -> None:
    upload = hand_in(mara, "Month,Campaign,Amount\n2026-10,Brand,900\n", "costs.csv", "costs")
    assert isinstance(upload, Upload)
    page = mara.get(f"/imports/upload/{upload.pk}/")
    assert "fill the column for source, or name one for all" in page.content.decode()
    answer = mara.post(f"/imports/upload/{upload.pk}/start/", {"source": "Google Ads"})
    assert answer.status_code == 302
    done = Import.objects.get()
    assert (done.kind, done.counts) == ("costs", {"rows": 1, "new": 1})
    assert str(Spend.objects.get().amount) == "900.00"
    assert "Costs" in mara.get("/imports/").content.decode()
    undone = mara.post(f"/imports/{done.pk}/undo/", follow=True).content.decode()
    assert "1 costs are gone" in undone
    assert not Spend.objects.exists()
