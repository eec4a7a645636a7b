"""Customer files: one a person, joined and separated without loss, every look written down."""

from __future__ import annotations

import importlib
from datetime import time

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from accounts.states import Role
from complaints.actors import Actor
from complaints.customer_states import ConsentPurpose, CustomerKind
from complaints.errors import CaseError, StepForbidden
from complaints.models import (
    AccessLog,
    Case,
    Consent,
    Consumer,
    Customer,
    CustomerIdentity,
    DataRequest,
    OutboxMessage,
)
from complaints.selectors.customers import (
    cases_of,
    consents_of,
    customer_called,
    likely_same,
    members_of,
    root_of,
)
from complaints.services.conversation import write_message
from complaints.services.customers import (
    join_customers,
    log_look,
    record_consent,
    separate_customer,
    separate_identity,
    set_kinds,
    set_preferences,
)
from complaints.services.data_requests import answer_data_request, ask_about_data
from complaints.services.entrance import reveal_contact
from complaints.services.intake import ContactData
from complaints.states import CustomerTier, DataRequestKind
from tests.compensation.test_races import race
from tests.factories import make_case, staff

ANN = ContactData(name="安", phone="13800000001", email="ann@example.test")
ANN_BY_PHONE = ContactData(name="安", phone="+86 138-0000-0001")
ANN_BY_MAIL = ContactData(name="安", email=" Ann@Example.test ")
BOB = ContactData(name="博", phone="13800000002", email="bob@example.test")


def file_of(case: Case) -> Customer:
    return Customer.objects.get(pk=case.consumer.customer_id)


def case_of(contact: ContactData, **fields: object) -> Case:
    return make_case(contact=contact, **fields)


def references(customer: Customer) -> set[str]:
    members = members_of(root_of(Customer.objects.get(pk=customer.pk)))
    return {case.reference for case in cases_of(members, staff(Role.MANAGER))}


@pytest.mark.django_db
class TestIdentity:
    """Who is the same person."""

    def test_same_phone_or_address_however_written_is_one_file(self) -> None:
        first, second, third = case_of(ANN), case_of(ANN_BY_PHONE), case_of(ANN_BY_MAIL)
        other = case_of(BOB)
        assert file_of(first) == file_of(second) == file_of(third) != file_of(other)
        assert CustomerIdentity.objects.filter(customer=file_of(first)).count() == 2

    def test_new_address_of_a_known_phone_is_added(self) -> None:
        first = case_of(ANN_BY_PHONE)
        case_of(ANN)
        assert customer_called("ann@example.test") == file_of(first)
        assert customer_called("138 0000 0001") == file_of(first)
        assert customer_called(file_of(first).number) == file_of(first)
        assert customer_called("13899999999") is None
        assert customer_called("C-999999999999999999999") is None
        assert customer_called("何处") is None

    def test_phone_of_one_and_address_of_another_is_proposed_not_joined(self) -> None:
        ann, bob = case_of(ANN_BY_PHONE), case_of(ContactData(name="博", email="bob@example.test"))
        both = case_of(ContactData(name="安", phone=ANN.phone, email="bob@example.test"))
        assert file_of(both) == file_of(ann) != file_of(bob)
        assert likely_same([file_of(ann).pk]) == [file_of(bob)]
        assert likely_same([file_of(bob).pk]) == [file_of(ann)]

    def test_without_phone_and_address_there_is_no_file(self) -> None:
        case = case_of(ContactData(name="无名"))
        assert case.consumer.customer_id is None

    def test_corrected_phone_stays_in_the_file(self) -> None:
        case, file = case_of(ANN), file_of(case_of(ANN))
        ask_about_data(case, by=Actor.consumer(), kind=DataRequestKind.CORRECTION, text="换号了")
        answer_data_request(
            DataRequest.objects.get(),
            by=staff(Role.AGENT),
            outcome="granted",
            answer="已更正",
            contact={"phone": "13800000009"},
        )
        case.refresh_from_db()
        assert case.consumer.customer_id == file.pk
        assert customer_called("13800000009") == file

    def test_migration_puts_those_who_are_there_into_files(self) -> None:
        cases = [case_of(each) for each in (ANN, ANN_BY_PHONE, ANN_BY_MAIL, BOB)]
        cases.append(case_of(BOB, needs_care=True))
        Consumer.objects.update(customer=None)
        CustomerIdentity.objects.all().delete()
        Customer.objects.all().delete()

        importlib.import_module("complaints.migrations.0041_customer_files").open_files(apps, None)

        ann, bob = file_of_pk(cases[0]), file_of_pk(cases[3])
        assert [file_of_pk(case) for case in cases] == [ann, ann, ann, bob, bob]
        assert CustomerIdentity.objects.count() == 4
        assert bob.kinds == [CustomerKind.VULNERABLE]


def file_of_pk(case: Case) -> Customer:
    return Customer.objects.get(consumers=case.consumer_id)


@pytest.mark.django_db
class TestJoining:
    """One person with several files, and two persons in one."""

    def test_join_and_separate_leaves_everything_as_it_was(self) -> None:
        ann, bob, by = case_of(ANN), case_of(BOB), staff(Role.AGENT)
        before = list(Consumer.objects.order_by("pk").values_list("pk", "customer"))

        into = join_customers(file_of(ann), [file_of(bob)], by=by, reason="同一个人换号")
        assert references(into) == {ann.reference, bob.reference}
        later = case_of(BOB)
        assert later.reference in references(into)

        separate_customer(file_of(bob), by=by, reason="弄错了")
        assert references(file_of(ann)) == {ann.reference}
        assert references(file_of(bob)) == {bob.reference, later.reference}
        now_there = Consumer.objects.order_by("pk").values_list("pk", "customer")
        assert list(now_there)[:2] == before
        kinds = file_of(bob).events.order_by("pk").values_list("kind", "reason")
        assert list(kinds) == [("joined", "同一个人换号"), ("separated", "弄错了")]

    def test_several_files_in_one_step_and_a_file_with_files_in_it(self) -> None:
        cases = [
            case_of(ContactData(name="安", phone=f"1380000010{number}")) for number in range(4)
        ]
        files, by = [file_of(case) for case in cases], staff(Role.MANAGER)
        join_customers(files[1], files[2:], by=by, reason="同一个人")
        join_customers(files[0], [Customer.objects.get(pk=files[1].pk)], by=by, reason="同一个人")
        assert len(references(files[0])) == 4
        separate_customer(files[1], by=by, reason="不是同一个人")
        assert references(files[0]) == {cases[0].reference}
        assert len(references(files[3])) == 3

    def test_refusals_leave_nothing(self) -> None:
        ann, bob, by = file_of(case_of(ANN)), file_of(case_of(BOB)), staff(Role.AGENT)
        for into, others, reason in ((ann, [ann], "同"), (ann, [bob], " "), (ann, [], "同")):
            with pytest.raises(CaseError):
                join_customers(into, others, by=by, reason=reason)
        with pytest.raises(StepForbidden):
            join_customers(ann, [bob], by=staff(Role.REVIEWER), reason="同")
        join_customers(ann, [bob], by=by, reason="同")
        with pytest.raises(CaseError):
            join_customers(bob, [ann], by=by, reason="同")
        with pytest.raises(CaseError):
            separate_customer(ann, by=by, reason="不同")

    def test_identity_of_another_person_gets_a_file_of_its_own(self) -> None:
        first, by = case_of(ANN), staff(Role.AGENT)
        second = case_of(ANN_BY_MAIL)
        identity = CustomerIdentity.objects.get(kind="email")

        fresh = separate_identity(identity, by=by, reason="邮箱是家人的")

        second.consumer.refresh_from_db()
        assert second.consumer.customer == fresh != file_of(first)
        assert first.reference in references(file_of(first))
        third = case_of(ANN_BY_MAIL)
        assert file_of(third) == fresh
        assert likely_same([fresh.pk]) == []
        with pytest.raises(CaseError):
            separate_identity(CustomerIdentity.objects.get(kind="email"), by=by, reason="再拆")

    def test_kinds_only_add_and_reach_later_complaints(self) -> None:
        case, by = case_of(ANN), staff(Role.AGENT)
        kinds = [CustomerKind.VULNERABLE, CustomerKind.LONG_TERM]
        set_kinds(file_of(case), by=by, kinds=kinds, reason="75 岁，老客户")
        case.consumer.refresh_from_db()
        assert case.consumer.needs_care
        later = case_of(ANN)
        assert later.consumer.needs_care
        assert later.consumer.tier == CustomerTier.LONG_TERM
        with pytest.raises(CaseError):
            set_kinds(file_of(case), by=by, kinds=["vip"], reason="x")

    def test_what_a_complaint_tells_of_the_person_is_kept(self) -> None:
        case_of(ANN)
        case = case_of(ANN, needs_care=True, tier=CustomerTier.BUSINESS)
        assert file_of(case).kinds == [CustomerKind.BUSINESS, CustomerKind.VULNERABLE]


@pytest.mark.django_db
class TestWishes:
    """Preferences, consents and looks."""

    def test_notices_take_the_preferred_way_and_language(self) -> None:
        case, by = case_of(ANN), staff(Role.AGENT)
        set_preferences(file_of(case), by=by, language="en", channel="sms")
        case = Case.objects.select_related("consumer").get(pk=case.pk)
        write_message(case, by=by, body="明天上门")
        assert OutboxMessage.objects.get(kind="message").channel == "sms"
        assert case.consumer.language == "en"
        by_mail = case_of(ANN_BY_MAIL)
        write_message(by_mail, by=by, body="明天上门")
        assert OutboxMessage.objects.get(kind="message", case=by_mail).channel == "email"

    @pytest.mark.parametrize(
        "wishes",
        [
            {"language": "fr"},
            {"channel": "pigeon"},
            {"hours_from": time(9)},
            {"hours_from": time(18), "hours_to": time(9)},
        ],
    )
    def test_wishes_that_make_no_sense_are_refused(self, wishes: dict) -> None:
        file = file_of(case_of(ANN))
        with pytest.raises(CaseError):
            set_preferences(file, by=staff(Role.AGENT), **wishes)
        assert not file.events.exists()

    def test_newest_word_of_a_purpose_counts_and_none_is_lost(self) -> None:
        file, by = file_of(case_of(ANN)), staff(Role.AGENT)
        for given in (True, False):
            record_consent(file, by=by, purpose=ConsentPurpose.SURVEY, given=given, source="来电")
        assert Consent.objects.count() == 2
        assert not consents_of([file.pk])[ConsentPurpose.SURVEY].given

    def test_looks_are_written_down_and_never_changed(self) -> None:
        case, by = case_of(ANN), staff(Role.AGENT)
        with pytest.raises(CaseError):
            log_look(by=by, reason=" ", customer=file_of(case))
        log_look(by=by, reason="回电", customer=file_of(case))
        reveal_contact(case, by=by, reason="要打电话")
        kinds = AccessLog.objects.order_by("pk").values_list("kind", "reason", "user")
        assert list(kinds) == [
            ("file", "回电", by.person.pk),
            ("contact", "要打电话", by.person.pk),
        ]
        for change in (AccessLog.objects.all().delete, lambda: AccessLog.objects.update(reason="")):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert AccessLog.objects.count() == 2


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """The same person from several sides in the same moment."""

    @pytest.mark.parametrize("round_of", range(3))
    def test_complaints_in_the_same_moment_share_one_file(self, round_of: int) -> None:
        contacts = [ANN, ANN_BY_PHONE, ANN_BY_MAIL, ANN, ContactData(email=ANN.email, name="x")]

        results = race(*(lambda who=who: case_of(who) for who in contacts))

        assert all(isinstance(each, Case) for each in results)
        assert CustomerIdentity.objects.count() == 2
        held = set(Consumer.objects.values_list("customer", flat=True))
        assert held <= set(CustomerIdentity.objects.values_list("customer", flat=True))
        assert len(held) <= 2

    def test_two_files_joined_into_each_other_make_one(self) -> None:
        ann, bob = file_of(case_of(ANN)), file_of(case_of(BOB))
        by = staff(Role.AGENT)
        results = race(
            lambda: join_customers(ann, [bob], by=by, reason="同"),
            lambda: join_customers(bob, [ann], by=by, reason="同"),
        )
        assert sum(isinstance(each, CaseError) for each in results) == 1
        assert Customer.objects.filter(joined_into=None).count() == 1
