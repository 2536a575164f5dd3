"""Leads filed under their words, so that a search finds them by what is known now."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from assay.actions.writing import insert_values
from assay.records.models import Lead, LeadText
from assay.records.words import words_of_lead


def file_new(leads: Iterable[Lead]) -> None:
    """File leads that were not there before. Needs ``person`` and ``company`` loaded."""
    insert_values(LeadText, ("lead", "words"), [(lead.pk, words_of_lead(lead)) for lead in leads])


def file_again(lead_ids: Collection[int], company_ids: Collection[int] = ()) -> None:
    """File leads, and all leads of some companies, under what is known of them now."""
    concerned = Lead.objects.filter(Q(pk__in=lead_ids) | Q(company__in=company_ids))
    leads = list(concerned.select_related("person", "company").defer("facts"))
    LeadText.objects.filter(pk__in=[lead.pk for lead in leads]).delete()
    file_new(leads)
