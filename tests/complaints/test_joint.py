"""Several people in one case: two at most speak for them, and each agrees for themselves."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from agreements.services.offering import offer_for_signature
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, GroupMember
from complaints.selectors.joint import members_of_group
from complaints.services.events import broken_link
from complaints.services.intake import ContactData
from complaints.services.joint import (
    add_member,
    check_group_consents,
    leave_group,
    name_representative,
    record_group_consent,
)
from complaints.services.triage import withdraw
from tests.agreements import makers as agreements
from tests.compensation.test_races import race
from tests.factories import make_case, make_user, staff


def person(number: int) -> ContactData:
    return ContactData(name=f"邻居{number}", phone=f"1370000000{number}")


def group_of(case: Case, by: Actor, *, size: int) -> list[GroupMember]:
    for number in range(size - 1):
        add_member(case, contact=person(number), by=by)
    return members_of_group(case)


@pytest.mark.django_db
class TestGroup:
    """Who belongs to it and who speaks for it."""

    def test_first_addition_makes_who_brought_it_the_representative(self) -> None:
        case, by = make_case(), staff(Role.AGENT)
        members = group_of(case, by, size=3)
        assert [member.place for member in members] == [1, None, None]
        assert members[0].consumer_id == case.consumer_id
        assert members[1].consumer.customer_id is not None
        assert broken_link(case) is None

    def test_two_represent_and_never_three_nor_none(self) -> None:
        case, by = make_case(), staff(Role.AGENT)
        first, second, third = group_of(case, by, size=3)
        name_representative(second, represents=True, by=by)
        with pytest.raises(CaseError, match="两位"):
            name_representative(third, represents=True, by=by)
        name_representative(first, represents=False, by=by)
        name_representative(third, represents=True, by=by)
        assert [m.place for m in members_of_group(case)] == [1, 2, None]
        name_representative(second, represents=False, by=by)
        with pytest.raises(CaseError, match="至少"):
            name_representative(third, represents=False, by=by)
        with pytest.raises(IntegrityError), transaction.atomic():
            GroupMember.objects.filter(pk=first.pk).update(place=3)

    def test_refusals_leave_nothing(self) -> None:
        case, by = make_case(), staff(Role.AGENT)
        for contact in (
            ContactData(name="", phone="13700000001"),
            ContactData(name="无法联系"),
            ContactData(name="本人", phone="13812345678"),
        ):
            with pytest.raises(CaseError):
                add_member(case, contact=contact, by=by)
        with pytest.raises(StepForbidden):
            add_member(case, contact=person(1), by=staff(Role.REVIEWER))
        withdraw(case, by=Actor.consumer(), reason="")
        with pytest.raises(CaseError):
            add_member(case, contact=person(1), by=by)
        assert not GroupMember.objects.exists()

    def test_who_leaves_is_no_longer_asked(self) -> None:
        case, by = make_case(), staff(Role.AGENT)
        first, second = group_of(case, by, size=2)
        with pytest.raises(CaseError):
            leave_group(first, by=by)
        leave_group(second, by=by)
        record_group_consent(first, given=True, source="来电", by=by)
        check_group_consents(case)
        with pytest.raises(CaseError):
            record_group_consent(second, given=True, source="来电", by=by)

    def test_consent_is_each_persons_and_can_be_taken_back(self) -> None:
        case, by = make_case(), staff(Role.AGENT)
        check_group_consents(case)
        first, second = group_of(case, by, size=2)
        record_group_consent(first, given=True, source="来电", by=by)
        with pytest.raises(CaseError, match="1"):
            check_group_consents(case)
        with pytest.raises(CaseError):
            record_group_consent(second, given=True, source=" ", by=by)
        record_group_consent(second, given=True, source="短信", by=by)
        check_group_consents(case)
        record_group_consent(first, given=False, source="反悔", by=by)
        with pytest.raises(CaseError):
            check_group_consents(case)

    def test_agreement_waits_for_everybody(self) -> None:
        agreement = agreements.drafted()
        by = staff(Role.AGENT)
        members = group_of(agreement.case, by, size=2)
        with pytest.raises(CaseError, match="每个人都同意"):
            offer_for_signature(agreement, by=by)
        for member in members:
            record_group_consent(member, given=True, source="来电", by=by)
        assert offer_for_signature(agreement, by=by).status == "offered"

    def test_a_new_wording_is_asked_about_anew(self) -> None:
        agreement, by = agreements.drafted(), staff(Role.AGENT)
        for member in group_of(agreement.case, by, size=2):
            record_group_consent(member, given=True, source="来电", by=by)
        anew = agreements.drafted(agreement.case)
        assert [m.consented_at for m in members_of_group(anew.case)] == [None, None]
        with pytest.raises(CaseError, match="2 位"):
            offer_for_signature(anew, by=by)

    def test_who_joins_after_the_offer_is_asked_before_anybody_signs(self) -> None:
        agreement, by = agreements.offered(), staff(Role.AGENT)
        members = group_of(agreement.case, by, size=2)
        with pytest.raises(CaseError, match="每个人都同意"):
            agreements.consumer_signs(agreement)
        for member in members:
            record_group_consent(member, given=True, source="来电", by=by)
        assert agreements.consumer_signs(agreement).signers.filter(signed_at=None).count() == 1

    def test_page_shows_masked_people_and_does_each_thing(self, client: Client) -> None:
        client.force_login(make_user(Role.AGENT))
        case = make_case()
        page = reverse("complaints:group", args=[case.reference])
        assert client.post(page, {"name": "邻居一"}).status_code == 422
        data = {"name": "邻居一", "phone": "13700000001"}
        assert client.post(page, data).status_code == 303
        shown = client.get(page).content.decode()
        assert "13700000001" not in shown
        assert "还有 2 位没有同意和解" in shown
        member = GroupMember.objects.get(place=None)
        act = reverse("complaints:member_act", args=[case.reference, member.pk])
        assert client.post(act, {"what": "consent", "source": ""}).status_code == 422
        assert client.post(act, {"what": "consent", "source": "来电"}).status_code == 303
        assert client.post(act, {"what": "represent"}).status_code == 303
        assert client.post(act, {"what": "leave"}).status_code == 422
        assert client.post(act, {"what": "dance"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_named_at_once_never_make_three() -> None:
    case, by = make_case(), staff(Role.AGENT)
    _first, second, third = group_of(case, by, size=3)
    results = race(
        lambda: name_representative(second, represents=True, by=by),
        lambda: name_representative(third, represents=True, by=by),
    )
    assert sum(isinstance(each, CaseError) for each in results) == 1
    assert sum(member.place is not None for member in members_of_group(case)) == 2
